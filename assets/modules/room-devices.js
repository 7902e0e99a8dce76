// Camera and microphone: what there is, what was chosen, and what the browser says when it gives neither.
const KINDS = { audio: "audioinput", video: "videoinput" };

export class Devices {
  audio = null;
  video = null;
  chosen = {};

  get isPossible() {
    return Boolean(navigator.mediaDevices?.getUserMedia && window.RTCPeerConnection);
  }

  // Both at once where possible, so that people are asked once. Returns the problem to show, or "".
  async open({ audio, video }) {
    const wanted = { audio: audio && !this.audio, video: video && !this.video };
    if (!wanted.audio && !wanted.video) return "";
    try {
      this.#take(await this.#ask(wanted));
      return "";
    } catch (error) {
      return wanted.audio && wanted.video && error.name !== "NotAllowedError" ? this.#oneByOne(error) : this.#named(error, wanted);
    }
  }

  async choose(kind, id) {
    this.chosen[kind] = id;
    this.drop(kind);
    return this.open({ [kind]: true });
  }

  drop(kind) {
    this[kind]?.stop();
    this[kind] = null;
  }

  async list() {
    const all = (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.deviceId);
    return Object.groupBy ? Object.groupBy(all, (device) => device.kind) : all.reduce((groups, device) => ({ ...groups, [device.kind]: [...(groups[device.kind] ?? []), device] }), {});
  }

  // The screen takes the camera's place until it ends.
  async screen(ended) {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: true, audio: false });
    const [track] = stream.getVideoTracks();
    track.contentHint = "detail";
    track.addEventListener("ended", ended);
    return track;
  }

  #ask({ audio, video }) {
    const exact = (kind) => (this.chosen[kind] ? { deviceId: { exact: this.chosen[kind] } } : {});
    return navigator.mediaDevices.getUserMedia({
      audio: audio && { echoCancellation: true, noiseSuppression: true, ...exact("audio") },
      video: video && { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 24, max: 30 }, ...exact("video") },
    });
  }

  #take(stream) {
    for (const track of stream.getTracks()) {
      this[track.kind] = track;
      this.chosen[track.kind] = track.getSettings().deviceId ?? this.chosen[track.kind];
      track.addEventListener("ended", () => this.ended?.(track.kind));
    }
  }

  async #oneByOne(first) {
    for (const kind of ["audio", "video"]) await this.#ask({ [kind]: true }).then((stream) => this.#take(stream), () => {});
    if (this.audio && this.video) return "";
    if (this.audio) return first.name === "NotFoundError" ? "no-camera" : "busy";
    if (this.video) return first.name === "NotFoundError" ? "no-microphone" : "busy";
    return this.#named(first, { audio: true, video: true });
  }

  #named(error, wanted) {
    if (error.name === "OverconstrainedError") {
      this.chosen = {};
      return this.open(wanted);
    }
    if (error.name === "NotAllowedError") return "denied";
    if (error.name !== "NotFoundError") return "busy";
    if (wanted.audio && wanted.video) return "none";
    return wanted.audio ? "no-microphone" : "no-camera";
  }
}

export const kindOf = (kind) => KINDS[kind];

// How loud the microphone is, from 0 to 1, some times a second, until the returned function is called.
export function watchLevel(track, show) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const loud = Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length);
    show(Math.min(1, loud * 5));
  }, 120);
  return () => {
    clearInterval(timer);
    context.close();
  };
}
