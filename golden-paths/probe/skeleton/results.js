import { appendFile, readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

const FILE = "results.jsonl";
const DEADLINE_MS = 30_000;

/** Makes every attempt that was not begun before, one after the other, and returns the whole report. */
export async function runAll(attempts) {
  const begun = new Set((await entries()).map((entry) => entry.name));
  for (const [name, attempt] of Object.entries(attempts)) {
    if (begun.has(name)) continue;
    await append({ name, begun: true });
    await append({ name, ...(await bounded(attempt)) });
  }
  return report(attempts);
}

/** One line per attempt; an attempt that was begun and never finished took the process with it. */
export async function report(attempts) {
  const known = await entries();
  return Object.keys(attempts).map((name) => {
    const own = known.filter((entry) => entry.name === name);
    const finished = own.find((entry) => "succeeded" in entry);
    if (finished) return finished;
    return { name, succeeded: false, detail: own.length > 0 ? "the process was ended while trying" : "not tried yet" };
  });
}

async function bounded(attempt) {
  try {
    const [succeeded, detail] = await Promise.race([attempt(), delay(DEADLINE_MS, [false, `gave up after ${DEADLINE_MS / 1000} s`], { ref: false })]);
    return { succeeded, detail };
  } catch (error) {
    return { succeeded: false, detail: `${error.code ?? error.name}: ${error.message}`.slice(0, 300) };
  }
}

function append(entry) {
  return appendFile(FILE, `${JSON.stringify(entry)}\n`);
}

async function entries() {
  const text = await readFile(FILE, "utf8").catch((error) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  return text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
}
