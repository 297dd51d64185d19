import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, statSync } from "node:fs";
import path from "node:path";

const LARGEST_LOG = 10 * 1024 * 1024;
const LAST_LINES = 12;

/** Lines with elapsed time on the terminal and, with a full time stamp, in the log file. */
export function speaker(logFile) {
  const begun = performance.now();
  if (logFile) mkdirSync(path.dirname(logFile), { recursive: true });
  const record = (text) => logFile && appendFileSync(logFile, `${new Date().toISOString()} ${text}\n`, { mode: 0o600 });
  return {
    step(text) {
      process.stdout.write(`${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${text}\n`);
      record(text);
    },
    plain(text) {
      process.stdout.write(`${text}\n`);
      record(text);
    },
    /** Ends the process with what went wrong and what to do. */
    fail(text, code = 1) {
      record(text);
      fail(text, code);
    },
  };
}

/** Ends the process with one line that says what to do. */
export function fail(text, code = 1) {
  process.stderr.write(`${text}\n`);
  process.exit(code);
}

/** Puts a log file that has grown large aside; one earlier part is kept. */
export function rotate(logFile) {
  if (existsSync(logFile) && statSync(logFile).size > LARGEST_LOG) renameSync(logFile, `${logFile}.1`);
}

/** The end of a log file. */
export function lastWords(logFile, from = 0) {
  return readFileSync(logFile).subarray(from).toString().trimEnd().split("\n").slice(-LAST_LINES).join("\n");
}
