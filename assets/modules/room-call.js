import { Peer } from "./room-peer.js";
import { watchQuality } from "./room-quality.js";
import { Tile } from "./room-tiles.js";
import { problem, say } from "./room-words.js";

const GONE_AFTER = 20000;
const BLOCKED_AFTER = 12000;

// Everybody else in the room, each with a connection of their own.
export class Call {
  #others = new Map();

  servers = [];

  // `media()` gives {audio, video}; `tell(message)` goes to the server; `speaker()` names the loudspeaker chosen.
  constructor({ key, page, stage, media, tell, speaker }) {
    Object.assign(this, { key, page, stage, media, tell, speaker });
  }

  // Somebody is here: new, back after a break (the same page), or with a new page.
  meet({ key, name, guest, page, state }, isNew) {
    const known = this.#others.get(key);
    if (known?.page === page) {
      this.#back(known, state);
      return;
    }
    if (known) this.#drop(known);
    const other = { key, name, page, state, tile: new Tile(this.stage, { name, guest }) };
    this.#others.set(key, other);
    this.#connect(other);
    other.tile.signs(state);
    if (known || isNew) say(known ? "back" : "joined", name);
    this.#alone();
  }

  // The line to somebody's page has ended: on purpose, or perhaps only for a moment.
  left({ key, said }) {
    const other = this.#others.get(key);
    if (!other) return;
    if (said) this.#bye(other);
    else this.#away(other);
  }

  state({ key, state }) {
    const other = this.#others.get(key);
    if (!other) return;
    if (state.hand !== other.state.hand) say(state.hand ? "hand" : "hand-down", other.name);
    if (state.screen && !other.state.screen) say("screen", other.name);
    other.state = state;
    other.tile.signs(state);
  }

  hear(message) {
    const other = this.#others.get(message.from);
    if (other?.page === message.page && message.to_page === this.page) other.peer.hear(message);
  }

  carry() {
    for (const { peer } of this.#others.values()) peer.carry(this.media());
  }

  play() {
    for (const { tile, peer } of this.#others.values()) tile.show(peer.stream);
  }

  sound(id) {
    for (const { tile } of this.#others.values()) tile.video.setSinkId?.(id).catch(() => {});
  }

  // After a break, those who did not come back with us are waited for.
  check(present) {
    for (const other of this.#others.values()) if (!present.has(other.key)) this.#away(other);
  }

  end() {
    for (const other of [...this.#others.values()]) this.#drop(other);
    problem("blocked", false);
  }

  #connect(other) {
    const send = (what) => this.tell({ type: what.description ? "describe" : "candidate", to: other.key, page: other.page, ...what });
    other.peer = new Peer({ polite: this.key > other.key, servers: this.servers, media: this.media(), send, changed: () => this.#changed(other) });
    other.tile.note("connecting");
    other.tile.show(other.peer.stream).then((plays) => { if (!plays) document.querySelector("[data-sound]").hidden = false; });
    if (this.speaker()) other.tile.video.setSinkId?.(this.speaker()).catch(() => {});
    other.unwatch = watchQuality(other.peer, (level) => other.tile.quality(level));
    other.blocked = setTimeout(() => this.#changed(other, true), BLOCKED_AFTER);
  }

  #changed(other, late = false) {
    const connected = other.peer.state === "connected";
    if (connected) {
      clearTimeout(other.blocked);
      Object.assign(other, { met: true, isBlocked: false, blocked: null });
    } else {
      other.isBlocked ||= late;
      if (!late) other.blocked ??= setTimeout(() => this.#changed(other, true), BLOCKED_AFTER);
    }
    other.tile.note(connected ? "" : other.met ? "reconnecting" : "connecting");
    this.#blocked();
  }

  #away(other) {
    if (other.isAway) return;
    other.isAway = true;
    say("away", other.name);
    this.#await(other);
  }

  #blocked() {
    problem("blocked", [...this.#others.values()].some((other) => other.isBlocked && !other.isAway));
  }

  #back(other, state) {
    clearTimeout(other.gone);
    if (other.isAway) say("back", other.name);
    other.isAway = false;
    other.state = state;
    other.tile.signs(state);
    other.peer.revive();
  }

  // Whoever is not back in time, and whom we do not see or hear any more, has gone.
  #await(other) {
    clearTimeout(other.gone);
    other.gone = setTimeout(() => {
      if (other.peer.state === "connected") this.#await(other);
      else this.#bye(other);
    }, GONE_AFTER);
  }

  #bye(other) {
    this.#drop(other);
    say("left", other.name);
  }

  #drop(other) {
    this.#others.delete(other.key);
    clearTimeout(other.gone);
    clearTimeout(other.blocked);
    other.unwatch();
    other.peer.close();
    other.tile.remove();
    this.#blocked();
    this.#alone();
  }

  #alone() {
    document.querySelector("[data-alone]").hidden = this.#others.size > 0;
  }
}
