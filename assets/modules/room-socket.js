// The line to the server. It comes back by itself after a break, waiting a little longer each time.
const FINAL = new Set([4400, 4403, 4409, 4410, 4429]);
const PING = 15000;
const PATIENCE = 10000;

function address(path) {
  const url = new URL(path, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  return url;
}

export class Line {
  #socket = null;
  #wanted = false;
  #waits = 500;
  #timers = [];

  // `opened()` on every new connection, `heard(message)`, `lost()` at a break, `ended(code)` when it will not come back.
  constructor(path, { opened, heard, lost, ended }) {
    Object.assign(this, { path, opened, heard, lost, ended });
    addEventListener("online", () => this.#wanted && this.#socket?.readyState !== WebSocket.OPEN && this.#open());
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  open() {
    this.#wanted = true;
    this.#open();
  }

  close() {
    this.#wanted = false;
    this.#quiet();
    this.#socket?.close();
  }

  tell(message) {
    if (!this.isOpen) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #open() {
    this.#quiet();
    this.#socket?.close();
    const socket = new WebSocket(address(this.path));
    this.#socket = socket;
    socket.addEventListener("open", () => {
      if (socket !== this.#socket) return;
      this.#waits = 500;
      this.#timers.push(setInterval(() => this.#ping(socket), PING));
      this.opened();
    });
    socket.addEventListener("message", (event) => {
      if (socket !== this.#socket) return;
      clearTimeout(this.answer);
      this.heard(JSON.parse(event.data));
    });
    socket.addEventListener("close", (event) => socket === this.#socket && this.#closed(event));
  }

  #closed(event) {
    this.#quiet();
    if (!this.#wanted) return;
    if (FINAL.has(event.code)) {
      this.#wanted = false;
      this.ended(event.code);
      return;
    }
    this.lost();
    this.#timers.push(setTimeout(() => this.#open(), this.#waits + Math.random() * 500));
    this.#waits = Math.min(this.#waits * 2, 15000);
  }

  // A line that has gone dead without saying so gives no answer.
  #ping(socket) {
    this.tell({ type: "ping" });
    clearTimeout(this.answer);
    this.answer = setTimeout(() => {
      if (socket !== this.#socket) return;
      this.lost();
      this.#open();
    }, PATIENCE);
  }

  #quiet() {
    clearTimeout(this.answer);
    this.#timers.forEach((timer) => { clearTimeout(timer); clearInterval(timer); });
    this.#timers = [];
  }
}

// A guest waits until somebody answers; then the page shows what the answer was.
export function waitAtTheDoor(door) {
  const reload = () => location.reload();
  const heard = (message) => message.type === "answered" && reload();
  new Line(door.dataset.socket, { opened: () => {}, heard, lost: () => {}, ended: reload }).open();
}
