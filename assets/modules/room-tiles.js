import { word } from "./room-words.js";

const initials = (name) => {
  const words = name.split(/\s+/).filter(Boolean);
  return (words.length > 1 ? [words[0], words.at(-1)] : words).map((one) => one[0]).join("").toUpperCase() || "?";
};

// One person's picture, name and signs.
export class Tile {
  constructor(stage, { name, mine = false, guest = false }) {
    this.stage = stage;
    this.name = name;
    this.item = document.querySelector("[data-tile]").content.firstElementChild.cloneNode(true);
    this.video = this.item.querySelector("video");
    this.video.muted = mine;
    this.video.setAttribute("aria-label", word("picture", name));
    this.item.classList.toggle("tile-mine", mine);
    this.item.querySelector("[data-name]").textContent = mine ? word("you") : name;
    this.item.querySelector(".tile-face").textContent = initials(name);
    this.#mark("guest", guest);
    stage.append(this.item);
    this.#count();
  }

  show(stream) {
    if (this.video.srcObject !== stream) this.video.srcObject = stream;
    return this.video.play().then(() => true, (error) => error.name !== "NotAllowedError");
  }

  signs({ microphone, camera, screen, hand }) {
    this.item.classList.toggle("tile-dark", !camera && !screen);
    this.item.classList.toggle("tile-screen", screen);
    this.#mark("muted", !microphone);
    this.#mark("hand", hand);
    this.#mark("screen", screen);
    this.#count();
  }

  note(key) {
    const note = this.item.querySelector(".tile-note");
    const words = key ? word(key) : "";
    if (note.textContent !== words) note.textContent = words;
    note.hidden = !key;
  }

  quality(level) {
    const place = this.item.querySelector("[data-quality]");
    place.hidden = false;
    place.dataset.quality = level;
    place.textContent = word(level);
  }

  remove() {
    this.item.remove();
    this.#count();
  }

  #mark(name, shown) {
    this.item.querySelector(`[data-mark="${name}"]`).hidden = !shown;
  }

  #count() {
    this.stage.dataset.people = this.stage.children.length;
    this.stage.dataset.screen = this.stage.querySelector(".tile-screen") ? "yes" : "no";
  }
}
