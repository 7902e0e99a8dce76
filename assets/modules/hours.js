// Copies the first filled day into the other working days that are still empty.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-hours-copy]");
  if (!button) return;
  const rows = [...document.getElementById(button.dataset.hoursCopy).querySelectorAll("tbody tr")].slice(0, 5);
  const values = (row) => [...row.querySelectorAll("input")].map((input) => input.value);
  const model = rows.find((row) => values(row).some(Boolean));
  if (!model) return;
  for (const row of rows) {
    if (values(row).some(Boolean)) continue;
    row.querySelectorAll("input").forEach((input, index) => (input.value = values(model)[index]));
  }
});

export function enhanceHours(root) {
  for (const button of root.querySelectorAll("[data-hours-copy]")) button.hidden = false;
}
