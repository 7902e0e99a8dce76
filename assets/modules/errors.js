export function focusErrors(root) {
  const summary = root.querySelector("[data-error-summary]:not([data-seen])");
  if (!summary) return;
  summary.dataset.seen = "";
  summary.focus();
}

// A link in the summary goes to the input itself, with its label in view.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-error-summary] a[href^='#']");
  const input = link && document.getElementById(link.hash.slice(1));
  if (!input) return;
  event.preventDefault();
  const field = input.closest(".field") ?? input;
  field.scrollIntoView({ block: "start" });
  const target = input.matches("input, select, textarea, button") ? input : input.querySelector("input, select, textarea, button");
  for (let box = target?.closest("details:not([open])"); box; box = box.parentElement.closest("details:not([open])")) box.open = true;
  target?.focus({ preventScroll: true });
});
