// The doorbell. An element with data-live="{% live_topic … %}" hears "rung" when its topic changed; with
// hx-get="…" hx-trigger="rung" it then fetches itself again. The message carries nothing but the topic.
const topicOf = (token) => token.split(":").slice(0, 2).join(":");
const watching = () => [...document.querySelectorAll("[data-live]")].filter((element) => element.dataset.live);

let socket = null;
let told = new Set();
let waits = 1000;

function ring(topic) {
  for (const element of watching()) {
    if (topic === null || topicOf(element.dataset.live) === topic) {
      element.dispatchEvent(new CustomEvent("rung", { bubbles: false }));
    }
  }
}

function tell() {
  if (socket?.readyState !== WebSocket.OPEN) return;
  const fresh = [...new Set(watching().map((element) => element.dataset.live))].filter((token) => !told.has(token));
  if (fresh.length === 0) return;
  fresh.forEach((token) => told.add(token));
  socket.send(JSON.stringify({ listen: fresh }));
}

function open(again) {
  const address = new URL("/ws/live/", location.href);
  address.protocol = address.protocol.replace("http", "ws");
  socket = new WebSocket(address);
  socket.addEventListener("open", () => {
    told = new Set();
    waits = 1000;
    tell();
    if (again) ring(null);
  });
  socket.addEventListener("message", (event) => ring(JSON.parse(event.data).changed));
  socket.addEventListener("close", (event) => {
    if (event.code === 4401 || event.code === 4403) return;
    setTimeout(() => open(true), waits + Math.random() * 1000);
    waits = Math.min(waits * 2, 60000);
  });
}

export function listen() {
  if (watching().length === 0) return;
  if (socket === null) open(false);
  else tell();
}
