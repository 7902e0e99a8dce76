import { kindOf, watchLevel } from "./room-devices.js";
import { problem, word } from "./room-words.js";

const HEARD = 0.04;
const DEVICES = { audioinput: "microphone", videoinput: "camera", audiooutput: "speaker" };
const PROBLEMS = ["denied", "none", "no-camera", "no-microphone", "busy"];

export function showProblem(name) {
  for (const one of PROBLEMS) problem(one, one === name);
}

// The look into the mirror: one's own picture, a level, and the choice of devices.
export class Mirror {
  #level = null;
  #heard = false;

  constructor(section, devices, { changed, sound }) {
    Object.assign(this, { section, devices, changed, sound });
    this.tile = section.querySelector("[data-mirror]");
    for (const kind of Object.keys(DEVICES)) {
      this.#select(kind).addEventListener("change", (event) => this.#choose(kind, event.target.value));
    }
    navigator.mediaDevices.addEventListener("devicechange", () => this.section.hidden || this.list());
  }

  async show({ microphone, camera }) {
    const { video } = this.devices;
    this.tile.classList.toggle("tile-dark", !camera);
    this.tile.querySelector("video").srcObject = camera && video ? new MediaStream([video]) : null;
    this.#level?.();
    this.#level = null;
    this.#heard = false;
    this.#measure(0);
    if (microphone) this.#level = watchLevel(this.devices.audio, (level) => this.#measure(level));
    this.#words(microphone ? "silent" : "muted");
    await this.list();
  }

  close() {
    this.#level?.();
    this.#level = null;
    this.tile.querySelector("video").srcObject = null;
    this.section.hidden = true;
  }

  async list() {
    const found = await this.devices.list();
    for (const [kind, name] of Object.entries(DEVICES)) this.#fill(kind, name, found[kind] ?? []);
  }

  #fill(kind, name, found) {
    const select = this.#select(kind);
    const chosen = this.devices.chosen[kind === "audiooutput" ? "speaker" : kind === kindOf("audio") ? "audio" : "video"];
    select.replaceChildren(...found.map((device, number) => new Option(device.label || word(name, number + 1), device.deviceId, false, device.deviceId === chosen)));
    const canChoose = kind !== "audiooutput" || "setSinkId" in HTMLMediaElement.prototype;
    select.closest("[data-choice]").hidden = found.length < 2 || !canChoose;
  }

  async #choose(kind, id) {
    if (kind === "audiooutput") {
      this.devices.chosen.speaker = id;
      this.sound(id);
      return;
    }
    showProblem(await this.devices.choose(kind === kindOf("audio") ? "audio" : "video", id));
    this.changed();
  }

  #measure(level) {
    this.section.querySelector("[data-level]").value = level;
    if (level > HEARD && !this.#heard) {
      this.#heard = true;
      this.#words("heard");
    }
  }

  #words(key) {
    this.section.querySelector("[data-level-words]").textContent = word(key);
  }

  #select(kind) {
    return this.section.querySelector(`[data-choice="${kind}"] select`);
  }
}
