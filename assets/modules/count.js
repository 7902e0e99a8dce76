// The words come from the server (data-left, data-over) with # for the number.
function say(area) {
  const line = document.getElementById(`${area.id}_count`);
  if (!line) return;
  const left = Number(area.dataset.limit) - [...area.value.replace(/\r?\n/g, "\r\n")].length;
  const words = left < 0 ? line.dataset.over : line.dataset.left;
  line.textContent = words.replace("#", Math.abs(left).toLocaleString(document.documentElement.lang));
  line.classList.toggle("field-count-over", left < 0);
}

export function countCharacters(root) {
  for (const area of root.querySelectorAll("textarea[data-limit]")) say(area);
}

let pause;
document.addEventListener("input", (event) => {
  const area = event.target.closest("textarea[data-limit]");
  if (!area) return;
  clearTimeout(pause);
  pause = setTimeout(say, 250, area);
});
