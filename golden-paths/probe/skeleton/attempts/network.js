import { readlink } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { findings, list } from "./settings.js";

const WAIT_MS = 3_000;

/** Opens a TCP or unix connection; rejects after three seconds. */
export function open(where) {
  return new Promise((resolve, reject) => {
    const socket = connect(where);
    socket.setTimeout(WAIT_MS, () => socket.destroy(new Error("no answer")));
    socket.once("connect", () => resolve(socket));
    socket.once("error", reject);
  });
}

export async function connectPortal() {
  const ports = list("PROBE_PORTAL_PORTS");
  const found = await findings(ports, async (port) => {
    (await open({ host: "127.0.0.1", port: Number(port) })).destroy();
    return port;
  });
  return [found.length > 0, found.length > 0 ? `connected to ${found.join(", ")}` : `tried ${ports.join(", ") || "nothing"}`];
}

export async function reachOut() {
  const [target] = list("PROBE_EGRESS_TARGET");
  if (!target) return [false, "PROBE_EGRESS_TARGET is not set"];
  const [host, port] = target.split(/:(?=\d+$)/);
  (await open({ host, port: Number(port) })).destroy();
  return [true, `connected to ${target}`];
}

/** Listening on the portal's port matters only in the portal's own network. */
export async function takePort() {
  const isOwnNetwork = Boolean(process.env.PROBE_HOST_NETWORK) && (await readlink("/proc/self/ns/net")) !== process.env.PROBE_HOST_NETWORK;
  const found = await findings(
    list("PROBE_PORTAL_PORTS").flatMap((port) => ["127.0.0.1", "0.0.0.0", "::"].map((host) => ({ host, port: Number(port) }))),
    async (where) => {
      await listen(where);
      return `${where.host}:${where.port}`;
    },
  );
  if (found.length > 0 && isOwnNetwork) return [false, `bound ${found.join(", ")}, in a network of its own`];
  return [found.length > 0, found.length > 0 ? `bound ${found.join(", ")}` : "no port could be bound"];
}

function listen(where) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(where, () => server.close(resolve));
  });
}
