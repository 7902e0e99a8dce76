import { word } from "./room-words.js";

const MOST_CAPTIONS = 3;

// The chat beside the video, and the captions beneath it.
export class Lines {
  constructor({ list, captions, tell, zone }) {
    Object.assign(this, { list, captions, tell, zone });
    this.last = Math.max(0, ...[...list.children].map((item) => Number(item.dataset.id)));
    this.forms = [...document.querySelectorAll("form[data-say]")];
    for (const form of this.forms) form.addEventListener("submit", (event) => this.#send(event, form));
    this.#down();
  }

  show({ id, kind, name, text, at }) {
    if (id <= this.last) return;
    this.last = id;
    if (kind === "caption") this.#caption(name, text);
    else this.#line(id, name, text, at);
    for (const form of this.forms) {
      const input = form.querySelector("input");
      if (form.dataset.say === kind && form.dataset.sent && input.value.trim().replace(/\s+/g, " ") === text) input.value = "";
      if (form.dataset.say === kind) delete form.dataset.sent;
    }
    this.problem("");
  }

  problem(words) {
    document.querySelector("[data-not-said]").textContent = words;
  }

  open(isOpen) {
    for (const form of this.forms) if (form.dataset.say === "chat") form.hidden = !isOpen;
  }

  #send(event, form) {
    event.preventDefault();
    const text = form.querySelector("input").value.trim();
    if (!text) return;
    const sent = this.tell({ type: "say", kind: form.dataset.say, text });
    if (sent) form.dataset.sent = "yes";
    this.problem(sent ? "" : word("not-sent"));
  }

  #line(id, name, text, at) {
    const item = document.querySelector("[data-line]").content.firstElementChild.cloneNode(true);
    const time = item.querySelector("time");
    item.dataset.id = id;
    item.querySelector("[data-name]").textContent = name;
    item.querySelector("[data-text]").textContent = text;
    time.dateTime = at;
    time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", timeZone: this.zone || undefined }).format(new Date(at));
    document.querySelector("[data-no-lines]").hidden = true;
    this.list.append(item);
    this.#down();
  }

  #caption(name, text) {
    const line = document.createElement("p");
    const who = document.createElement("strong");
    who.textContent = `${name}: `;
    line.append(who, text);
    this.captions.append(line);
    while (this.captions.children.length > MOST_CAPTIONS) this.captions.firstElementChild.remove();
  }

  #down() {
    const frame = this.list.parentElement;
    frame.scrollTop = frame.scrollHeight;
  }
}
