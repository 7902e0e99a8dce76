// The list of ticks works alone. With a script: a search box over all groups (synonyms too), and what is ticked stands above as tags.
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function show(picker) {
  const chosen = picker.querySelector("[data-picker-chosen]");
  chosen.replaceChildren(
    ...[...picker.querySelectorAll("input[type=checkbox]:checked")].map((box) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "tag tag-brand border-0";
      button.dataset.untick = box.id;
      button.textContent = `${box.dataset.name} ×`;
      button.setAttribute("aria-label", picker.dataset.remove.replace("#", box.dataset.name));
      item.append(button);
      return item;
    }),
  );
}

function search(picker, words) {
  let found = 0;
  for (const group of picker.querySelectorAll("details")) {
    let here = 0;
    for (const choice of group.querySelectorAll(".choice")) {
      const hit = words.every((word) => plain(choice.dataset.words).includes(word));
      choice.hidden = !hit;
      if (hit) here += 1;
    }
    group.hidden = here === 0;
    group.open = words.length > 0 && here > 0;
    found += here;
  }
  picker.querySelector("[data-picker-none]").hidden = found > 0;
}

export function enhancePickers(root) {
  for (const picker of root.querySelectorAll("[data-picker]")) show(picker);
}

document.addEventListener("input", (event) => {
  const box = event.target.closest("[data-picker-search]");
  if (box) search(box.closest("[data-picker]"), plain(box.value).split(/\s+/).filter(Boolean));
});

document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.("[data-picker-search]");
  if (!box || event.key !== "Enter") return;
  event.preventDefault();
  const picker = box.closest("[data-picker]");
  const first = [...picker.querySelectorAll(".choice:not([hidden]) input:not(:checked)")].find((input) => box.value.trim() && !input.closest("[hidden]"));
  if (!first) return;
  first.checked = true;
  box.value = "";
  search(picker, []);
  show(picker);
});

document.addEventListener("change", (event) => {
  const picker = event.target.closest("[data-picker]");
  if (picker) show(picker);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-untick]");
  if (!button) return;
  const picker = button.closest("[data-picker]");
  document.getElementById(button.dataset.untick).checked = false;
  show(picker);
  picker.querySelector("[data-picker-search]").focus();
});
