import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { signal } from "./process-identity.mjs";
import { lastWords } from "./say.mjs";

const GRACE_MS = 5_000;
const children = new Set();

/** A Node program also ends when we are killed without a chance to end it. */
function guarded([program, ...args]) {
  if (program !== process.execPath) return [program, ...args];
  const module = new URL("end-with-parent.mjs", import.meta.url);
  module.searchParams.set("parent", String(process.pid));
  return [program, "--import", module.href, ...args];
}

/**
 * Runs a command to its end, in a process group of its own; `output` is a log file, "stderr", or absent for the terminal.
 * Throws with the last lines when it fails.
 */
export function runToEnd(command, { cwd, env = process.env, output } = {}) {
  const logFile = output === "stderr" ? undefined : output;
  const from = logFile && existsSync(logFile) ? statSync(logFile).size : 0;
  const out = logFile ? openSync(logFile, "a", 0o600) : output === "stderr" ? 2 : "inherit";
  return new Promise((resolve, reject) => {
    const [program, ...args] = guarded(command);
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ["ignore", out, out] });
    if (logFile) closeSync(out);
    children.add(child);
    child.once("error", (error) => {
      children.delete(child);
      reject(new Error(`${program} could not be run: ${error.message}`));
    });
    child.once("exit", (code, by) => {
      children.delete(child);
      if (code === 0) return resolve();
      const words = logFile ? `:\n${lastWords(logFile, from)}\nAll of it is in ${logFile}.` : ".";
      reject(new Error(`${command.map((word) => path.basename(word)).join(" ")} ended with ${by ?? `code ${code}`}${words}`));
    });
  });
}

/** Kills what `runToEnd` has under way; for the last moment of this process. */
export function killChildren() {
  for (const child of children) signal(-child.pid, "SIGKILL");
}

/** Ends what `runToEnd` has under way, with a few seconds to clean up. */
export async function endChildren() {
  for (const child of children) signal(-child.pid, "SIGTERM");
  for (const end = performance.now() + GRACE_MS; children.size > 0 && performance.now() < end; ) await wait(20);
  killChildren();
}
