// The connection of a note: y-websocket, with the server's word of what is saved.
import * as decoding from "lib0/decoding";
import { WebsocketProvider } from "y-websocket";

const SAVED = 4;
const FINAL = { 4403: "closed", 4409: "closed", 4400: "rubbish", 4413: "large" };

/** The document follows the server's; `state` says in words whether everything is saved. */
export function connect(note, doc, { words, state }) {
  const address = new URL("/ws/notes", location.href);
  address.protocol = address.protocol.replace("http", "ws");
  const provider = new WebsocketProvider(address.href, `${note}/`, doc, { disableBc: true, resyncInterval: 30000 });
  let sent = 0;
  let saved = 0;
  let over = "";
  const closed = [];

  function show() {
    const kind = over || (!provider.wsconnected ? "offline" : sent > saved ? "saving" : "saved");
    if (state.dataset.kind === kind) return;
    state.dataset.kind = kind;
    state.textContent = words[kind];
  }

  provider.messageHandlers[SAVED] = (_encoder, decoder) => {
    saved = decoding.readVarUint(decoder);
    show();
  };
  // Every message of ours that can hold words is answered by a number: the answer to the first question counts too.
  doc.on("update", (_update, origin) => {
    if (origin === provider) return;
    if (provider.wsconnected) sent += 1;
    show();
  });
  provider.on("status", ({ status }) => {
    if (status === "connected") {
      sent = 1;
      saved = 0;
    }
    show();
  });
  provider.on("connection-close", (event) => {
    if (!event || !(event.code in FINAL)) return;
    over = FINAL[event.code];
    provider.disconnect();
    closed.forEach((act) => act());
    show();
  });
  addEventListener("beforeunload", (event) => {
    if (state.dataset.kind === "saving" || state.dataset.kind === "offline") event.preventDefault();
  });
  return {
    awareness: provider.awareness,
    onFirst: (act) => provider.once("sync", act),
    onClosed: (act) => closed.push(act),
  };
}
