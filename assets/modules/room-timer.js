import { word } from "./room-words.js";

// How much time is left, without a sound.
export function keepTime(element, { begins, ends }) {
  const minutes = (moment) => (Date.parse(moment) - Date.now()) / 60000;
  const tick = () => {
    const before = minutes(begins);
    const left = minutes(ends);
    let words = word("ends", Math.round(left));
    if (before > 0) words = word("begins", Math.ceil(before));
    else if (left < -0.5) words = word("over", Math.round(-left));
    else if (left < 1) words = word("last");
    element.textContent = words;
  };
  tick();
  setInterval(tick, 10000);
}
