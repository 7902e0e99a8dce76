document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  const copied = await navigator.clipboard.writeText(field.value).then(() => true, () => document.execCommand("copy"));
  const status = button.parentElement.querySelector("[role=status]");
  if (copied && status) status.textContent = button.dataset.copied;
});
