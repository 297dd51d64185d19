import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { ROOT } from "./paths.mjs";
import { signal } from "./process-identity.mjs";
import { lastWords } from "./say.mjs";

const READY_MS = 120_000;
const POLL_MS = 50;
const ANSWER_MS = 5_000;
const DRAIN_MS = 25_000;
// Short-lived objects get 4 MiB at a time, not 16: the idle process is smaller by 24 MiB, and answers as fast.
// Two arenas of the C library instead of eight per core take some more.
const NODE_FLAGS = ["--max-semi-space-size=4", "--expose-gc"];

/** Starts the server process. It has a process group of its own, so that Ctrl-C reaches it only through us and it can drain. */
export function startPortal(settings, env, logFile) {
  const from = existsSync(logFile) ? statSync(logFile).size : 0;
  const out = openSync(logFile, "a", 0o600);
  const next = path.join(ROOT, "node_modules/next/dist/bin/next");
  const command = [...NODE_FLAGS, next, "start", "-H", settings.bind, "-p", String(settings.port)];
  const child = spawn(process.execPath, command, { cwd: ROOT, env: { MALLOC_ARENA_MAX: "2", ...env }, detached: true, stdio: ["ignore", out, out] });
  closeSync(out);
  const ended = new Promise((resolve) => child.once("exit", (code, by) => resolve(by ?? `code ${code}`)));
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const words = () => lastWords(logFile, from);
  return {
    pid: child.pid,
    ended,
    words,
    kill: () => isRunning() && signal(child.pid, "SIGKILL"),
    untilReady: () => untilReady({ settings, instance: env.WAYMARK_INSTANCE_ID, isRunning, words, logFile }),
    /** Lets open requests end, then kills what is left. */
    async drain() {
      if (isRunning()) signal(child.pid, "SIGTERM");
      const timer = new AbortController();
      await Promise.race([ended, wait(DRAIN_MS, undefined, { signal: timer.signal }).catch(() => {})]);
      timer.abort();
      if (isRunning()) signal(child.pid, "SIGKILL");
    },
  };
}

/** What answers at the port: the instance it says it is and whether it is ready; null while nobody answers. */
async function ask(port) {
  // A timer of our own: that of AbortSignal.timeout may be collected as garbage while the answer is awaited, and then waits for ever.
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), ANSWER_MS);
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/api/health/ready`, { signal: abort.signal });
    const { instance } = await answer.json();
    return { instance, ready: answer.ok };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

async function untilReady({ settings, instance, isRunning, words, logFile }) {
  for (const end = performance.now() + READY_MS; performance.now() < end; await wait(POLL_MS)) {
    const answer = await ask(settings.port);
    if (answer && answer.instance !== instance) throw new Error(`Another server answers at port ${settings.port}. Set PORT to a free one (or --port N) and start again.`);
    if (answer?.ready) return;
    if (!isRunning()) throw new Error(`The portal stopped while starting. Its last words, from ${logFile}:\n${words()}`);
  }
  throw new Error(`The portal did not get ready within ${READY_MS / 1000} s. The end of ${logFile}:\n${words()}`);
}
