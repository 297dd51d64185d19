import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Started {
  child: ChildProcessWithoutNullStreams;
  /** What it has written so far. */
  output: { stdout: string; stderr: string };
  ended: Promise<Ended>;
}

export type Program = "waymark" | "create-sandbox";

export interface CommandLine {
  /** A home of its own, so that nobody's credentials are touched. */
  home: string;
  start(program: Program, args: string[], env?: Record<string, string>): Started;
  run(program: Program, args: string[], env?: Record<string, string>): Promise<Ended>;
  /** Path of a bundled program. */
  file(program: Program): string;
  remove(): Promise<void>;
}

const root = process.cwd();

/** Runs Node with arguments and this environment only; resolves when it has ended. */
export function startNode(args: string[], env: Record<string, string>, cwd?: string): Started {
  const child = spawn(process.execPath, args, { env: env as NodeJS.ProcessEnv, cwd, stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.end();
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, ...output }));
  });
  return { child, output, ended };
}

/** The command line as it is shipped: bundled, run by plain Node. `asCheckout` puts the server's scripts beside it. */
export async function builtCommandLine({ asCheckout = false } = {}): Promise<CommandLine> {
  const folder = await mkdtemp(path.join(tmpdir(), "wm-cli-"));
  await cp(path.join(root, "dist/cli"), path.join(folder, "dist/cli"), { recursive: true });
  if (asCheckout) await symlink(path.join(root, "scripts"), path.join(folder, "scripts"));
  const home = path.join(folder, "home");
  const file = (program: Program) => path.join(folder, `dist/cli/${program}.js`);
  const start = (program: Program, args: string[], env: Record<string, string> = {}) => startNode([file(program), ...args], { PATH: process.env.PATH ?? "", HOME: home, ...env });
  return { home, file, start, run: (...call) => start(...call).ended, remove: () => rm(folder, { recursive: true, force: true }) };
}
