import { Mirror, showProblem } from "./room-before.js";
import { lookAfter } from "./room-beside.js";
import { Call } from "./room-call.js";
import { Devices } from "./room-devices.js";
import { Lines } from "./room-lines.js";
import { Line } from "./room-socket.js";
import { Tile } from "./room-tiles.js";
import { keepTime } from "./room-timer.js";
import { problem, say } from "./room-words.js";

const ELSEWHERE = 4409;
const SETTLED_AFTER = 5000;

// What this window remembers across a reload: that one was inside, and how.
function memoryOf(path) {
  const name = `room ${path}`;
  return {
    keep: (what) => sessionStorage.setItem(name, JSON.stringify(what)),
    forget: () => sessionStorage.removeItem(name),
    read: () => JSON.parse(sessionStorage.getItem(name) ?? "null"),
  };
}

class Room {
  wishes = { microphone: true, camera: true };
  hand = false;
  screen = null;
  inside = false;

  constructor(element, devices) {
    Object.assign(this, { element, devices });
    this.page = crypto.randomUUID().replaceAll("-", "");
    this.memory = memoryOf(element.dataset.socket);
    this.find = (selector) => element.querySelector(selector);
    this.mirror = new Mirror(this.find("[data-before]"), devices, { changed: () => this.refresh(), sound: (id) => this.call.sound(id) });
    this.line = new Line(element.dataset.socket, {
      opened: () => this.#opened(),
      heard: (message) => this[`on_${message.type}`]?.(message),
      lost: () => problem("lost", this.inside),
      ended: (code) => this.#ended(code),
    });
    const tell = (message) => this.line.tell(message);
    this.lines = new Lines({ list: this.find("[data-lines]"), captions: this.find("[data-captions]"), tell, zone: element.dataset.zone });
    const { key } = element.dataset;
    this.call = new Call({ key, page: this.page, stage: this.find("[data-stage]"), media: () => this.media(), tell, speaker: () => devices.chosen.speaker });
    devices.ended = (kind) => this.#unplugged(kind);
  }

  get state() {
    const microphone = this.wishes.microphone && Boolean(this.devices.audio);
    const camera = this.wishes.camera && Boolean(this.devices.video);
    return { microphone, camera, screen: Boolean(this.screen), hand: this.hand };
  }

  media() {
    return { audio: this.devices.audio, video: this.screen ?? this.devices.video };
  }

  // Before joining.
  async prepare() {
    this.find("[data-left]").hidden = true;
    this.find("[data-before]").hidden = false;
    await this.look();
  }

  async look() {
    showProblem(await this.devices.open({ audio: true, video: this.wishes.camera }));
    await this.refresh();
  }

  async join() {
    for (const name of ["elsewhere", "refused", "no-camera"]) problem(name, false);
    this.inside = true;
    this.find("[data-left]").hidden = true;
    this.mirror.close();
    this.find("[data-inside]").hidden = false;
    this.mine ??= new Tile(this.find("[data-stage]"), { name: this.element.dataset.name, mine: true });
    this.lines.open(true);
    await this.refresh();
    this.line.open();
    this.find("[data-inside] [data-switch=microphone]").focus();
  }

  async rejoin(kept) {
    Object.assign(this.wishes, kept.wishes);
    Object.assign(this.devices.chosen, kept.chosen);
    showProblem(await this.devices.open({ audio: true, video: this.wishes.camera }));
    await this.join();
  }

  play() {
    this.find("[data-sound]").hidden = true;
    this.call.play();
  }

  leave() {
    this.line.tell({ type: "leave" });
    this.#out();
    this.find("[data-left]").hidden = false;
    this.find("[data-left] button").focus();
  }

  // The buttons.
  async toggle(what) {
    const turn = { microphone: () => this.#turn("audio", what), camera: () => this.#turn("video", what), screen: () => this.#share() };
    if (turn[what]) await turn[what]();
    if (what === "hand") this.hand = !this.hand;
    if (what === "captions") this.#unfold("form[data-say=caption]", "#room-caption");
    if (what === "phone") this.#unfold("[data-phone]");
    await this.refresh();
  }

  // Everything that shows how one is, here and at the others'.
  async refresh() {
    const { state } = this;
    if (this.devices.audio) this.devices.audio.enabled = this.wishes.microphone;
    const open = { captions: "form[data-say=caption]", phone: "[data-phone]" };
    for (const button of this.element.querySelectorAll("[data-switch]")) {
      const { switch: name } = button.dataset;
      button.setAttribute("aria-pressed", String(name in open ? !this.find(open[name]).hidden : state[name]));
    }
    if (!this.inside) {
      await this.mirror.show(state);
      return;
    }
    const { video } = this.media();
    this.mine.show(new MediaStream(video ? [video] : []));
    this.mine.signs(state);
    this.call.carry();
    this.line.tell({ type: "state", state });
    this.memory.keep({ wishes: this.wishes, chosen: this.devices.chosen });
  }

  // What the server says.
  on_welcome({ ice, lines }) {
    problem("lost", false);
    this.call.servers = ice;
    lines.forEach((line) => this.lines.show(line));
    this.present = new Set();
    clearTimeout(this.settled);
    this.settled = setTimeout(() => this.call.check(this.present), SETTLED_AFTER);
    if (!this.welcomed) say("inside");
    this.welcomed = true;
  }

  on_here(message) {
    this.present.add(message.key);
    this.call.meet(message, false);
  }

  on_joined(message) {
    this.present.add(message.key);
    this.call.meet(message, true);
  }

  on_left(message) {
    this.call.left(message);
  }

  on_state(message) {
    this.call.state(message);
  }

  on_description(message) {
    this.call.hear(message);
  }

  on_candidate(message) {
    this.call.hear(message);
  }

  on_line({ line }) {
    this.lines.show(line);
  }

  on_not_said({ words }) {
    this.lines.problem(words);
  }

  on_closed({ words }) {
    problem("refused", true, words);
  }

  on_answered({ state }) {
    if (state === "refused") location.reload();
  }

  #opened() {
    this.line.tell({ type: "join", page: this.page, after: this.lines.last, state: this.state });
  }

  #ended(code) {
    this.#out();
    if (code === ELSEWHERE) problem("elsewhere");
    else this.prepare();
  }

  #out() {
    this.inside = false;
    this.welcomed = false;
    clearTimeout(this.settled);
    this.memory.forget();
    this.line.close();
    this.call.end();
    this.screen?.stop();
    this.screen = null;
    this.hand = false;
    for (const kind of ["audio", "video"]) this.devices.drop(kind);
    this.mine?.remove();
    this.mine = null;
    this.lines.open(false);
    problem("lost", false);
    this.find("[data-inside]").hidden = true;
  }

  async #turn(kind, what) {
    const isOn = this.state[what];
    this.wishes[what] = !isOn;
    if (isOn && kind === "video") this.devices.drop("video");
    if (!isOn) showProblem(await this.devices.open({ [kind]: true }));
  }

  async #share() {
    if (this.screen) {
      this.#unshare();
      return;
    }
    problem("screen", false);
    try {
      this.screen = await this.devices.screen(() => { this.#unshare(); this.refresh(); });
    } catch {
      problem("screen");
    }
  }

  #unshare() {
    this.screen?.stop();
    this.screen = null;
  }

  #unplugged(kind) {
    this.devices.drop(kind);
    showProblem(kind === "audio" ? "no-microphone" : "no-camera");
    this.refresh();
  }

  #unfold(selector, focus) {
    const part = this.find(selector);
    part.hidden = !part.hidden;
    if (!part.hidden && focus) this.find(focus).focus();
  }
}

export function start(element) {
  const devices = new Devices();
  lookAfter();
  if (!devices.isPossible) {
    problem("insecure");
    return;
  }
  const room = new Room(element, devices);
  const pressed = { join: () => room.join(), leave: () => room.leave(), again: () => room.prepare(), lookAgain: () => room.look(), connectAgain: () => location.reload(), play: () => room.play() };
  element.addEventListener("click", (event) => {
    const { dataset = {} } = event.target.closest("button") ?? {};
    if (dataset.switch) room.toggle(dataset.switch);
    for (const [name, act] of Object.entries(pressed)) if (name in dataset) act();
  });
  keepTime(element.querySelector("[data-timer]"), element.dataset);
  if (!navigator.mediaDevices.getDisplayMedia) element.querySelector("[data-switch=screen]").hidden = true;
  const kept = room.memory.read();
  const reloaded = performance.getEntriesByType("navigation")[0]?.type === "reload";
  if (kept && reloaded) room.rejoin(kept);
  else room.prepare();
}
