import { spawn } from "node:child_process";
import { once } from "node:events";
import { access } from "node:fs/promises";
import { namespaceArgs, scratchArgs, systemArgs, systemFolders } from "@/lib/core/bubblewrap";
import { StepFailure } from "@/lib/runs/engine/types";

// Bubblewrap as environments use it, with less in it: the system's programs read-only, the working copy, no network, no account of
// its own. There is no weaker mode: what the platform team typed is not started beside the portal's own files.

export interface CommandRun {
  /** Host folders: the script and its input (read-only inside), the working copy, and where it leaves its outputs. */
  action: string;
  work: string;
  out: string;
  interpreter: "sh" | "node";
  memoryMiB: number;
  timeSeconds: number;
  signal: AbortSignal;
}

export interface CommandEnd {
  /** Null when it was stopped. */
  code: number | null;
  output: string;
  stopped: "time" | "output" | null;
}

/** The account that it runs under where the portal is root: nobody. */
export const NOBODY = 65_534;
const MIB = 1024 * 1024;
const MAX_OUTPUT = 256 * 1024;
const BEYOND_HEAP_MIB = 64;
const FILE_BYTES = 50 * 1024 * 1024;
const PROCESSES = 128;
const PATH = "/action/bin:/usr/local/bin:/usr/bin:/bin";

async function limits({ memoryMiB, timeSeconds }: CommandRun): Promise<string[]> {
  const prlimit = "/usr/bin/prlimit";
  const isThere = await access(prlimit).then(
    () => true,
    () => false,
  );
  if (!isThere) throw missing("the program prlimit is not installed");
  const data = (memoryMiB + BEYOND_HEAP_MIB) * 1024 * 1024;
  return [prlimit, `--data=${data}`, `--fsize=${FILE_BYTES}`, `--nproc=${PROCESSES}`, "--nofile=256", "--core=0", `--cpu=${timeSeconds}`, "--"];
}

const missing = (why: string) =>
  new StepFailure({
    causeCode: "no-sandbox",
    cause: `Command actions run only in bubblewrap, which does not work here: ${why}.`,
    whoCanFix: "platform-team",
    nextAction: "Install bubblewrap on the machine that runs Waymark and allow user namespaces, or use an HTTP action.",
  });

/** Runs a script in the sandbox. Throws StepFailure where there is none, and the signal's reason when aborted. */
export async function runInSandbox(run: CommandRun): Promise<CommandEnd> {
  const heap = run.interpreter === "node" ? [`--max-old-space-size=${Math.floor(run.memoryMiB * 0.75)}`] : [];
  const program = run.interpreter === "node" ? ["/action/bin/node", ...heap, "/action/script"] : ["/bin/sh", "/action/script"];
  const args = [
    ...["--unshare-user", "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL"],
    ...[...namespaceArgs("step"), "--unshare-net", "--clearenv"],
    ...systemArgs(await systemFolders()),
    ...["--proc", "/proc", "--dev", "/dev", ...scratchArgs("/dev/shm", 16 * MIB), ...scratchArgs("/tmp", 64 * MIB)],
    ...["--perms", "0755", "--dir", "/action", "--perms", "0755", "--dir", "/action/bin"],
    ...(run.interpreter === "node" ? ["--ro-bind", process.execPath, "/action/bin/node"] : []),
    ...["--ro-bind", `${run.action}/script`, "/action/script", "--ro-bind", `${run.action}/input.json`, "/action/input.json"],
    ...["--bind", run.work, "/work", "--bind", run.out, "/out", "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/work"],
    ...["--setenv", "PATH", PATH, "--setenv", "HOME", "/tmp", "--setenv", "LANG", "C.UTF-8"],
    ...["--setenv", "WAYMARK_INPUT", "/action/input.json", "--setenv", "WAYMARK_OUTPUT", "/out/output.json"],
    "--",
    ...(await limits(run)),
    ...program,
  ];
  return supervised(args, run);
}

async function supervised(args: string[], { timeSeconds, signal }: CommandRun): Promise<CommandEnd> {
  signal.throwIfAborted();
  const account = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const child = spawn("bwrap", args, { ...account, cwd: "/", env: { NODE_ENV: "production", PATH: "/usr/local/bin:/usr/bin:/bin" }, stdio: ["ignore", "pipe", "pipe"] });
  let stopped: CommandEnd["stopped"] = null;
  const chunks: Buffer[] = [];
  let size = 0;
  const stop = (why: CommandEnd["stopped"]) => {
    stopped ??= why;
    child.kill("SIGKILL");
  };
  const take = (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_OUTPUT) return stop("output");
    chunks.push(chunk);
  };
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  const timer = setTimeout(() => stop("time"), timeSeconds * 1_000);
  const onAbort = () => child.kill("SIGKILL");
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const [code] = (await once(child, "close")) as [number | null];
    signal.throwIfAborted();
    const output = Buffer.concat(chunks).toString("utf8");
    const setup = /^bwrap: (.*)/m.exec(output);
    if (code !== 0 && setup && stopped === null) throw missing(setup[1] ?? "it ended at once");
    return { code, output, stopped };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw missing("it is not installed");
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}
