import { spawn } from "node:child_process";
import { ROOT } from "./paths.mjs";

/** Runs a Node program in the foreground; resolves with its exit code. Signals are the program's to answer, and then ours to wait for. */
export function runInForeground(args, { cwd = process.cwd(), env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env, stdio: "inherit" });
    // A terminal sends Ctrl-C to the child as well; what comes from elsewhere is passed on.
    process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
    process.on("SIGTERM", () => child.kill("SIGTERM"));
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

/** Runs a TypeScript file of the repository as the server would see it; resolves with its exit code. */
export const runTypeScript = (file, args, env) => runInForeground(["--import", "tsx", "--conditions=react-server", file, ...args], { cwd: ROOT, env });
