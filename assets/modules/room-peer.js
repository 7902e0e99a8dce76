// The connection to one other person: "perfect negotiation". One of the two is polite and gives way when both offer at once.
const RESTART_AFTER = 4000;

export class Peer {
  #offering = false;
  #answering = false;
  #ignoring = false;
  #queue = Promise.resolve();
  #restart = null;

  // `send` passes on {description} or {candidate}; `changed` is called when the state of the connection changes.
  constructor({ polite, servers, media, send, changed }) {
    this.polite = polite;
    this.media = media;
    this.send = send;
    this.changed = changed;
    this.stream = new MediaStream();
    this.connection = new RTCPeerConnection({ iceServers: servers });
    this.connection.onnegotiationneeded = () => this.#offer();
    this.connection.onicecandidate = ({ candidate }) => candidate && this.send({ candidate: this.#plain(candidate) });
    this.connection.ontrack = ({ track }) => this.stream.addTrack(track);
    this.connection.onconnectionstatechange = () => this.#moved();
    if (polite) return;
    for (const kind of ["audio", "video"]) this.connection.addTransceiver(kind, { direction: "sendrecv" });
    this.carry(media);
  }

  get state() {
    return this.connection.connectionState;
  }

  // What is sent: {audio, video}, each a track or null. Swapping needs no new negotiation.
  async carry(media) {
    this.media = media;
    for (const { sender, receiver } of this.connection.getTransceivers()) {
      if (sender.track !== media[receiver.track.kind]) await sender.replaceTrack(media[receiver.track.kind]);
    }
  }

  hear(message) {
    this.#queue = this.#queue.then(() => this.#hear(message)).catch(() => {});
    return this.#queue;
  }

  // After a break: what was said last may have been lost, and the way there may have changed.
  revive() {
    if (this.state === "connected") return;
    if (this.connection.signalingState === "have-local-offer") this.send({ description: this.connection.localDescription.toJSON() });
    else this.connection.restartIce();
  }

  close() {
    clearTimeout(this.#restart);
    this.connection.onconnectionstatechange = null;
    this.connection.close();
  }

  async #offer() {
    try {
      this.#offering = true;
      await this.connection.setLocalDescription();
      this.send({ description: this.connection.localDescription.toJSON() });
    } finally {
      this.#offering = false;
    }
  }

  async #hear({ description, candidate }) {
    const connection = this.connection;
    if (candidate) {
      if (!this.#ignoring) await connection.addIceCandidate(candidate);
      return;
    }
    const free = !this.#offering && (connection.signalingState === "stable" || this.#answering);
    this.#ignoring = !this.polite && description.type === "offer" && !free;
    if (this.#ignoring) return;
    this.#answering = description.type === "answer";
    await connection.setRemoteDescription(description).finally(() => { this.#answering = false; });
    if (description.type !== "offer") return;
    for (const transceiver of connection.getTransceivers()) transceiver.direction = "sendrecv";
    await this.carry(this.media);
    await connection.setLocalDescription();
    this.send({ description: connection.localDescription.toJSON() });
  }

  #moved() {
    clearTimeout(this.#restart);
    if (this.state === "failed") this.connection.restartIce();
    if (this.state === "disconnected") this.#restart = setTimeout(() => this.connection.restartIce(), RESTART_AFTER);
    this.changed();
  }

  #plain({ candidate, sdpMid, sdpMLineIndex, usernameFragment }) {
    return { candidate, sdpMid, sdpMLineIndex, usernameFragment };
  }
}
