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

/** A port that was free a moment ago. */
export const freePort = () => listen(0);

/** Why a server of ours could not have that port, in words; null if it can. */
export async function portTrouble(port) {
  if (await isTaken(port)) return "is taken by another program";
  try {
    await listen(port);
    return null;
  } catch (error) {
    return error.code === "EACCES" ? "is kept for the administrator of this machine" : `cannot be used (${error.code})`;
  }
}
