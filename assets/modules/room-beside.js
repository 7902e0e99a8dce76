import { say } from "./room-words.js";

// What stands beside the video is asked for again when it changes; an agenda that somebody is typing into is left alone.
export function lookAfter() {
  const known = new Set();
  const waiting = () => {
    for (const item of document.querySelectorAll("[data-waiting]")) {
      if (!known.has(item.dataset.waiting)) say("waiting", item.dataset.waiting);
      known.add(item.dataset.waiting);
    }
  };
  document.addEventListener(
    "rung",
    (event) => {
      if (event.target.id !== "room-agenda") return;
      const words = event.target.querySelector("textarea");
      const typing = words && words.value !== words.defaultValue;
      const target = typing ? event.target.querySelector("#room-agenda-now") : event.target;
      target.dispatchEvent(new CustomEvent("refresh", { bubbles: false }));
    },
    true,
  );
  document.addEventListener("htmx:after:settle", waiting);
  waiting();
}
