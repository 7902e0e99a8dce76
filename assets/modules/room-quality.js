// How good the connection is, from what the browser counts: packets that were lost, and how long one takes there and back.
const EVERY = 3000;

async function counted(connection) {
  const seen = { received: 0, lost: 0, delay: 0 };
  for (const report of (await connection.getStats()).values()) {
    if (report.type === "inbound-rtp") {
      seen.received += report.packetsReceived ?? 0;
      seen.lost += Math.max(0, report.packetsLost ?? 0);
    }
    if (report.type === "candidate-pair" && report.nominated && report.state === "succeeded") {
      seen.delay = report.currentRoundTripTime ?? 0;
    }
  }
  return seen;
}

function level(before, now) {
  const received = now.received - before.received;
  const lost = Math.max(0, now.lost - before.lost);
  const share = received + lost > 0 ? lost / (received + lost) : 0;
  if (share > 0.08 || now.delay > 0.6) return "poor";
  return share > 0.03 || now.delay > 0.3 ? "fair" : "good";
}

// Calls `show(level)` every few seconds until the returned function is called.
export function watchQuality(peer, show) {
  let before = null;
  const timer = setInterval(async () => {
    if (peer.state !== "connected") return;
    const now = await counted(peer.connection);
    if (before) show(level(before, now));
    before = now;
  }, EVERY);
  return () => clearInterval(timer);
}
