// The number beside a slider follows it.
document.addEventListener("input", (event) => {
  if (event.target.type !== "range") return;
  const output = document.querySelector(`output[for="${CSS.escape(event.target.id)}"]`);
  if (output) output.value = Number(event.target.value).toLocaleString(document.documentElement.lang);
});
