import { once } from "node:events";
import { lstat, unlink } from "node:fs/promises";
import { connect } from "node:net";

/** Starts listening on a port or unix socket; a socket file that nobody listens on any more is removed first. */
export async function listen(server, where) {
  if (where.path) await removeStaleSocket(where.path);
  server.listen(where);
  await once(server, "listening");
  const address = server.address();
  return typeof address === "string" ? address : `port ${address.port}`;
}

async function removeStaleSocket(path) {
  const entry = await lstat(path).catch((error) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (!entry) return;
  if (!entry.isSocket()) throw new Error(`PORT is ${path}, which is there and not a socket. Choose another path.`);
  if (await answers(path)) throw new Error(`Another process is listening on ${path}. Stop it or choose another path.`);
  await unlink(path);
}

function answers(path) {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.once("error", () => resolve(false));
  });
}
