import { spawn } from "node:child_process";
import { toolEnvironment } from "@/lib/core/env";

// Every git process of the portal starts here: no shell, no configuration of the machine or of a person, no hooks, no
// prompts, and only the transports that we speak. Repositories bring data, never code.

const SAFE = [
  ["core.hooksPath", "/dev/null"],
  ["core.fsmonitor", "false"],
  ["core.symlinks", "false"],
  ["core.quotePath", "false"],
  ["core.attributesFile", "/dev/null"],
  ["credential.helper", ""],
  ["gc.auto", "0"],
  ["i18n.logOutputEncoding", "UTF-8"],
  ["protocol.allow", "never"],
  ["protocol.http.allow", "always"],
  ["protocol.https.allow", "always"],
  ["safe.directory", "*"],
];

const DEADLINE_MS = 30_000;
const MAX_OUTPUT = 32 * 1024 * 1024;

export interface GitOptions {
  /** The bare repository. */
  dir?: string;
  cwd?: string;
  input?: Buffer | string;
  signal?: AbortSignal;
  deadlineMs?: number;
  maxBytes?: number;
  env?: Record<string, string>;
  /** Further settings for this process alone, as `name=value`. */
  config?: string[];
  /** Exit codes that are an answer and no failure; 0 unless named. */
  answers?: number[];
}

/** Git ended with an error; `stderr` is for the log and may name folders of this machine. */
export class GitFailure extends Error {
  constructor(
    readonly command: string,
    readonly code: number | null,
    readonly stderr: string,
  ) {
    super(`git ${command} ended with ${code ?? "a signal"}: ${stderr.trim().slice(0, 2_000)}`);
    this.name = "GitFailure";
  }
}

/** The environment of a git process: what the machine's tools need, minus everything that configures git. */
export function gitEnvironment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const machine = Object.entries(toolEnvironment()).filter(([name]) => !/^(GIT_|SSH_|XDG_CONFIG)|^(HOME|PAGER|EDITOR|VISUAL)$/.test(name));
  const own = { HOME: "/nonexistent", LC_ALL: "C.UTF-8", GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0" };
  const all: Record<string, string> = { ...Object.fromEntries(machine), ...own, ...extra };
  return all as NodeJS.ProcessEnv;
}

/** Arguments that precede every subcommand. */
export function gitArguments(args: string[], { dir, config = [] }: Pick<GitOptions, "dir" | "config">): string[] {
  const settings = [...SAFE.map(([name, value]) => `${name}=${value}`), ...config].flatMap((one) => ["-c", one]);
  return [...settings, ...(dir ? [`--git-dir=${dir}`] : []), ...args];
}

/** Runs git to its end and returns stdout. Throws GitFailure, also past the deadline (30 s) or the output limit (32 MiB). */
export async function git(args: string[], options: GitOptions = {}): Promise<Buffer> {
  const { input, signal, deadlineMs = DEADLINE_MS, maxBytes = MAX_OUTPUT, answers = [0] } = options;
  signal?.throwIfAborted();
  const deadline = AbortSignal.timeout(deadlineMs);
  const child = spawn("git", gitArguments(args, options), {
    cwd: options.cwd,
    env: gitEnvironment(options.env),
    stdio: ["pipe", "pipe", "pipe"],
    signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    killSignal: "SIGKILL",
  });
  const command = args[0] ?? "";
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let stderr = "";
    let isTooLarge = false;
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else if (!isTooLarge) {
        isTooLarge = true;
        child.kill("SIGKILL");
      }
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      if (stderr.length < 8_192) stderr += text;
    });
    // Git may end before it has read everything; its exit code tells the rest.
    child.stdin.on("error", () => {});
    child.stdin.end(input ?? "");
    child.once("error", (error) => reject(signal?.aborted ? signal.reason : new GitFailure(command, null, deadline.aborted ? `longer than ${deadlineMs} ms` : error.message)));
    child.once("close", (code) => {
      if (code !== null && answers.includes(code) && !isTooLarge) resolve(Buffer.concat(chunks));
      else reject(new GitFailure(command, code, isTooLarge ? `more than ${maxBytes} bytes of output` : stderr));
    });
  });
}

/** The same, as text. */
export async function gitText(args: string[], options: GitOptions = {}): Promise<string> {
  return (await git(args, options)).toString("utf8");
}
