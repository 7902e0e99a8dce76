// A thread: opens at what is new or at the end, says what has been seen, and leaves the place of the reader alone.
const reading = () => document.querySelector("[data-thread-read]");

function sawIt() {
  const form = reading();
  if (!form || form.dataset.sent || document.visibilityState !== "visible") return;
  form.dataset.sent = "yes";
  fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" }).catch(() => delete form.dataset.sent);
}

function open() {
  if (location.hash || location.search) return;
  const fresh = document.getElementById("new");
  const end = document.getElementById("newest");
  if (fresh) fresh.scrollIntoView({ block: "start" });
  else if (end && document.querySelector(".thread")) end.scrollIntoView({ block: "end" });
}

open();
sawIt();
document.addEventListener("visibilitychange", sawIt);
document.addEventListener("htmx:after:settle", sawIt);
// After one's own message has gone, the next one can be typed at once; a message that comes in moves nothing.
let sending = false;
document.addEventListener("submit", (event) => {
  sending ||= event.target.matches("[data-thread-write]");
});
document.addEventListener("htmx:after:settle", () => {
  const form = document.querySelector("[data-thread-write]");
  if (!sending || !form) return;
  sending = false;
  if (document.querySelector("[data-error-summary]")) return;
  form.elements.text.focus({ preventScroll: true });
  document.getElementById("newest").scrollIntoView({ block: "end" });
});
