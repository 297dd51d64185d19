import { createHash } from "node:crypto";
import { chmod, chown, copyFile, mkdir } from "node:fs/promises";
import { connect } from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { failure } from "./failures";
import type { Home } from "./home";
import { launch } from "./launch";
import type { Machine } from "./machine";
import { SYSTEM_PATH } from "./machine";
import { runFileOf } from "./place";

export interface RelayTarget {
  host: string;
  port: number;
  mode: "plain" | "tls" | "tls-verify" | "postgres" | "postgres-verify";
  /** Name of the socket in the folder that sandboxes get to see. */
  socketName: string;
}

const SCRIPT = "lib/environments/drivers/local/relay-process.mjs";
const START_MS = 10_000;
const POLL_MS = 20;

function listens(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** A process that carries a unix socket to an outside server; one per target, shared by all environments. Returns the socket's folder. */
export async function ensureRelay(home: Home, machine: Machine, appRoot: string, target: RelayTarget, signal: AbortSignal): Promise<string> {
  const name = `relay-${createHash("sha256").update(JSON.stringify(target)).digest("hex").slice(0, 12)}`;
  const folder = path.join(home.sandboxes, name);
  const socketDir = path.join(home.sockets, name);
  const socket = path.join(socketDir, target.socketName);
  if (await listens(socket)) return socketDir;
  const script = path.join(folder, "relay.mjs");
  for (const made of [folder, socketDir]) await mkdir(made, { recursive: true, mode: 0o711 });
  await copyFile(path.join(/*turbopackIgnore: true*/ appRoot, SCRIPT), script);
  await chmod(script, 0o644);
  await chmod(socketDir, 0o711);
  const uid = machine.accounts?.first ?? null;
  if (uid !== null) await chown(socketDir, uid, uid);
  await launch({
    environmentId: name,
    runFile: runFileOf(folder),
    exitFile: path.join(folder, "exit"),
    logFile: path.join(folder, "app.log"),
    command: [home.node, script, socket, target.host, String(target.port), target.mode],
    cwd: "/",
    environment: { PATH: SYSTEM_PATH },
    secretArgs: null,
    uid,
    groups: [],
  });
  for (const end = performance.now() + START_MS; performance.now() < end; ) {
    if (await listens(socket)) return socketDir;
    await delay(POLL_MS, undefined, { signal });
  }
  throw failure("port-or-socket", {
    cause: `The relay that carries sandboxes to ${target.host}:${target.port} does not listen on ${socket}.`,
    whoCanFix: "platform-team",
    nextAction: `Read ${path.join(folder, "app.log")} on the server, then retry.`,
  });
}
