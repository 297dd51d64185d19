import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type FileHandle, open, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { joinGroups } from "./cgroup";
import { isCode } from "./home";
import { identify } from "./process-identity";
import { claimRun, livingRun, type RunRecord } from "./run-record";

// How a process is started so that a worker may die at any instant:
// 1. a supervisor is started that waits for a word on its standard input and does nothing else;
// 2. it is put into its control groups and written down in run.json, which only one can win;
// 3. then the word is given. If the worker dies before, the supervisor reads the end of its input and leaves.
// The supervisor stays the parent: it notes the exit code, and with --die-with-parent killing it ends the whole sandbox.

export interface LaunchPlan {
  environmentId: string;
  /** Where run.json goes. */
  runFile: string;
  exitFile: string;
  logFile: string;
  command: string[];
  cwd: string;
  /** Environment of the supervisor, and of the command unless that brings its own. */
  environment: Record<string, string>;
  /** Read by the command from file descriptor 4; for what must not stand on a command line. */
  secretArgs: string | null;
  uid: number | null;
  groups: string[];
  /** Kept with the process. */
  telemetry?: RunRecord["telemetry"];
}

/** No single file, the log included, grows beyond this; in blocks of 512 bytes. */
const FILE_LIMIT_BLOCKS = "131072";
const OOM_SCORE = "500";

// A fixed program; what is to be started arrives as arguments and is never parsed.
const SUPERVISOR = `read -r go || exit 0
ulimit -c 0; ulimit -f "$1"; shift
"$@" 3>&- </dev/null &
child=$!
trap 'kill -TERM "$child" 2>/dev/null' TERM
while wait "$child"; code=$?; kill -0 "$child" 2>/dev/null; do :; done
echo "$code" >&3`;

async function handover(text: string, folder: string): Promise<FileHandle> {
  const file = path.join(folder, `.args-${randomBytes(6).toString("hex")}`);
  await writeFile(file, text, { mode: 0o600 });
  const handle = await open(file, "r");
  await rm(file);
  return handle;
}

async function startWaiting(plan: LaunchPlan): Promise<ChildProcess> {
  const handles: FileHandle[] = [];
  const keep = (handle: FileHandle) => {
    handles.push(handle);
    return handle.fd;
  };
  try {
    const log = keep(await open(plan.logFile, "a", 0o600));
    const exit = keep(await open(plan.exitFile, "w", 0o600));
    const secret = plan.secretArgs === null ? "ignore" : keep(await handover(plan.secretArgs, path.dirname(plan.runFile)));
    const account = plan.uid === null ? {} : { uid: plan.uid, gid: plan.uid };
    const child = spawn("/bin/sh", ["-c", SUPERVISOR, "sandbox", FILE_LIMIT_BLOCKS, ...plan.command], {
      ...account,
      cwd: plan.cwd,
      env: { NODE_ENV: "production", ...plan.environment },
      detached: true,
      stdio: ["pipe", log, log, exit, secret],
    });
    // Its end is noticed by its identity; writing to a supervisor that was killed is not our failure.
    child.stdin?.on("error", (error) => {
      if (!isCode(error, "EPIPE", "ECONNRESET")) throw error;
    });
    await once(child, "spawn");
    return child;
  } finally {
    await Promise.all(handles.map((handle) => handle.close()));
  }
}

async function raiseOomScore(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/oom_score_adj`, OOM_SCORE).catch((error) => {
    if (!isCode(error, "ENOENT", "EACCES", "EPERM", "ESRCH")) throw error;
  });
}

/** Starts the command unless it already runs. Returns the one process that runs in the end, and whether it is new. */
export async function launch(plan: LaunchPlan): Promise<{ run: RunRecord; started: boolean }> {
  const living = await livingRun(plan.runFile);
  if (living) return { run: living, started: false };
  const child = await startWaiting(plan);
  try {
    const identity = child.pid === undefined ? null : await identify(child.pid);
    if (!identity) throw new Error("The supervisor of the process ended before it was told to begin.");
    await Promise.all([joinGroups(plan.groups, identity.pid), raiseOomScore(identity.pid)]);
    const record: RunRecord = {
      ...identity,
      ...(plan.groups.length > 0 ? { cgroup: plan.groups } : {}),
      ...(plan.telemetry ? { telemetry: plan.telemetry } : {}),
      environmentId: plan.environmentId,
    };
    const other = await claimRun(plan.runFile, record);
    if (other) return { run: other, started: false };
    child.stdin?.write("go\n");
    return { run: record, started: true };
  } finally {
    child.stdin?.end();
    child.unref();
  }
}
