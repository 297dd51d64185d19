import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { EXIT, Exit } from "./exit";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const SCRIPT = path.join(ROOT, "scripts/host-command.mjs");

/** True where the portal's own checkout is, and not only the packed command line. */
export const isCheckout = () => existsSync(SCRIPT);

/** Runs a command that needs the server's own files, as a child in the checkout. Returns its answer. Throws Exit. */
export async function onHost<T>(args: string[]): Promise<T> {
  if (!isCheckout()) throw new Exit(EXIT.usage, "This command works only in the checkout on the server's own machine: `npm run --silent waymark -- …`");
  const { WAYMARK_DATA_DIR } = process.env;
  const env = { ...process.env, ...(WAYMARK_DATA_DIR ? { WAYMARK_DATA_DIR: path.resolve(WAYMARK_DATA_DIR) } : {}) };
  const child = spawn(process.execPath, [SCRIPT, ...args], { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
  const output: string[] = [];
  const errors: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (text: string) => output.push(text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => errors.push(text));
  const [code] = (await once(child, "close")) as [number | null];
  const line = output.join("").trim().split("\n").at(-1) ?? "";
  try {
    return JSON.parse(line) as T;
  } catch {
    throw new Exit(code || EXIT.failed, errors.join("").trim() || "The command ended without an answer.");
  }
}
