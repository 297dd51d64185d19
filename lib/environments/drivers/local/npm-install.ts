import { spawn } from "node:child_process";
import { once } from "node:events";
import { toolEnvironment } from "@/lib/core/env";
import { endsWithUs } from "./ends-with-us";
import { diskFull, failure } from "./failures";
import { isCode } from "./home";

const LAST_LINES = 15;
const UNREACHABLE =
  /\b(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|FETCH_ERROR|E50\d|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT_LOCALLY)\b|network request to .* failed/;

const failed = (cause: string, whoCanFix: "platform-team" | "provider", nextAction: string) => failure("dependencies-failed", { cause, whoCanFix, nextAction });

/** What npm's last lines mean for the person who waits. */
export function explainNpm(lines: string[]): Error {
  const text = lines.join("\n");
  if (/\bENOSPC\b/.test(text)) return diskFull();
  if (/\bEUSAGE\b|are in sync|lock file's .* does not satisfy/.test(text)) {
    return failed(
      "The golden path's package.json and package-lock.json are out of step.",
      "platform-team",
      "Run `npm install` in the golden path, commit package-lock.json, and publish it again.",
    );
  }
  if (UNREACHABLE.test(text))
    return failed("The npm registry cannot be reached from this machine.", "platform-team", "Check the machine's network and its npm settings (registry, proxy), then retry.");
  const missing = /\bE404\b[\s\S]*?'([^']+)'|404 Not Found - GET \S*\/([^\s/]+)/.exec(text);
  if (missing)
    return failed(
      `The npm registry does not have ${missing[1] ?? missing[2]}.`,
      "platform-team",
      "Correct the version in the golden path, or give the registry the package, then retry.",
    );
  if (/\bE40[13]\b/.test(text))
    return failed("The npm registry refuses this machine's credentials.", "platform-team", "Renew the token in the machine's npm settings, then retry.");
  if (/\bEINTEGRITY\b/.test(text))
    return failed(
      "A package that the registry delivered is not the one in package-lock.json.",
      "provider",
      "Find out who changed the package before anything is installed from it.",
    );
  const last = lines.filter((line) => /error/i.test(line)).at(0) ?? lines.at(-1) ?? "npm said nothing";
  return failed(
    `npm ci failed: ${last.replace(/^npm (error|ERR!)\s*/, "")}`,
    "platform-team",
    "Read npm's last lines in the log of this step, correct the golden path, and publish it again.",
  );
}

/** Runs `npm ci` for production in a folder; packages' install scripts do not run. Throws StepFailure. */
export async function npmInstall(folder: string, log: (text: string) => void): Promise<void> {
  const child = spawn("npm", ["ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--no-update-notifier", "--prefer-offline"], {
    cwd: folder,
    env: { NODE_ENV: "production", ...toolEnvironment() },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  endsWithUs(child);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => lines.push(...text.split("\n").filter((line) => line.trim())));
  }
  let code: unknown;
  try {
    [code] = await once(child, "close");
  } catch (error) {
    if (isCode(error, "ENOENT")) throw failed("npm is not installed on the machine that runs environments.", "platform-team", "Install npm beside Node, then retry.");
    throw error;
  }
  const last = lines.slice(-LAST_LINES);
  for (const line of last) log(line);
  if (code !== 0) throw explainNpm(lines);
}
