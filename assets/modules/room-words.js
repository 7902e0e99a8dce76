// The words come from the server, in the reader's language; # stands for a name or a number.
export function word(key, value = "") {
  const found = document.querySelector("[data-words]").content.querySelector(`[data-word="${key}"]`);
  return (found?.textContent ?? "").replace("#", value);
}

// For people who do not see the screen: one sentence at a time.
export function say(key, value) {
  document.querySelector("[data-says]").textContent = word(key, value);
}

export function problem(name, shown = true, reason = "") {
  const notice = document.querySelector(`[data-problem="${name}"]`);
  if (!notice || notice.hidden === !shown) return;
  notice.hidden = !shown;
  const place = notice.querySelector("[data-reason]");
  if (place) place.textContent = reason;
}
