// <input type="checkbox" data-select-all="name"> in a table's head ticks every box of that name in the same form or table.
const boxes = (all) =>
  (all.form ?? all.closest("table")).querySelectorAll(`input[type=checkbox][name="${CSS.escape(all.dataset.selectAll)}"]:not(:disabled)`);

document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-select-all]");
  if (all) {
    for (const box of boxes(all)) box.checked = all.checked;
    return;
  }
  for (const head of document.querySelectorAll("[data-select-all]")) {
    if (head.dataset.selectAll !== event.target.name) continue;
    const states = [...boxes(head)].map((box) => box.checked);
    head.checked = states.length > 0 && states.every(Boolean);
    head.indeterminate = !head.checked && states.some(Boolean);
  }
});
