// A second press within two seconds is a slip of the finger, not a second wish. The server has the last word.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  const now = Date.now();
  if (now - Number(form.dataset.sentAt ?? 0) < 2000) event.preventDefault();
  else form.dataset.sentAt = now;
});
