import { randomInt } from "node:crypto";
import { createConnection, createServer } from "node:net";

const LOOPBACKS = ["127.0.0.1", "::1"];

function answers(port, host) {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** True if somebody listens on the loopback port. Both families count: a browser may try either for "localhost". */
export async function isTaken(port) {
  return (await Promise.all(LOOPBACKS.map((host) => answers(port, host)))).includes(true);
}

function listen(port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const bound = server.address().port;
      server.close(() => resolve(bound));
    });
  });
}

// Below what systems hand out to outgoing connections (Linux from 32768, others higher): a port that was seen free stays free
// until its owner has started.
const [FIRST_PORT, LAST_PORT] = [11_000, 32_000];

/** A port that was free a moment ago. Throws where twenty in a row are taken. */
export async function freePort() {
  for (let attempt = 0; attempt < 20; attempt++) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    if ((await portTrouble(port)) === null) return port;
  }
  throw new Error(`no free port was found between ${FIRST_PORT} and ${LAST_PORT}`);
}

// Browsers and Node's own fetch open none of these, whatever listens there (fetch.spec.whatwg.org, "bad port").
const REFUSED_BY_BROWSERS = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179,
  389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000,
  6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

/** Why a server of ours could not have that port, in words; null if it can. */
export async function portTrouble(port) {
  if (REFUSED_BY_BROWSERS.has(port)) return "is one that browsers refuse to open";
  if (await isTaken(port)) return "is taken by another program";
  try {
    await listen(port);
    return null;
  } catch (error) {
    return error.code === "EACCES" ? "is kept for the administrator of this machine" : `cannot be used (${error.code})`;
  }
}
