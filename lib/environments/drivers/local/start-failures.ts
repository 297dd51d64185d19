import { readFile, stat } from "node:fs/promises";
import type { StepFailure } from "@/lib/runs/engine/types";
import { outOfMemoryKills } from "./cgroup";
import { diskFull, failure } from "./failures";
import { lastLines } from "./log-file";
import type { Place } from "./place";

const LINES_IN_RUN_LOG = 20;
const SIGNAL_BASE = 128;
const SIGNAL_NAMES: Record<number, string> = { 4: "SIGILL", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL", 11: "SIGSEGV", 15: "SIGTERM" };

export interface ProcessEnd {
  code: number | null;
  /** In words: `ended with code 1`. */
  how: string;
  at: Date | null;
}

/** How the last process of an environment ended, as its supervisor wrote it down. */
export async function readEnd(place: Place): Promise<ProcessEnd> {
  const text = await readFile(place.exit, "utf8").catch(() => "");
  const code = text.trim() === "" ? null : Number(text);
  if (code === null) return { code, how: "ended together with its supervisor", at: null };
  const signal = SIGNAL_NAMES[code - SIGNAL_BASE];
  const at = (await stat(place.exit).catch(() => null))?.mtime ?? null;
  return { code, how: signal ? `was ended by ${signal}` : `ended with code ${code}`, at };
}

/** The line that most likely says what went wrong: the last one that speaks of an error, else the last one. */
export function tellingLine(lines: string[]): string | null {
  const wordy = lines.map((line) => line.trim()).filter((line) => line && !/^at |^Node\.js v|^\^+$|^[{}[\]]+,?$/.test(line));
  const errors = wordy.filter((line) => /error|cannot|could not|failed|refused|denied|exception/i.test(line));
  const line = errors.at(-1) ?? wordy.at(-1) ?? null;
  if (line === null) return null;
  try {
    const parsed: unknown = JSON.parse(line);
    const message = typeof parsed === "object" && parsed !== null && ("msg" in parsed ? parsed.msg : "message" in parsed ? parsed.message : null);
    return typeof message === "string" ? message : line;
  } catch {
    return line;
  }
}

/** Why a process that should be starting is gone; its last lines go to the run's log. */
export async function processExited(place: Place, groups: string[], afterMs: number, log: (text: string, level?: "error") => void): Promise<StepFailure> {
  const [end, lines, kills] = await Promise.all([readEnd(place), lastLines(place.log, LINES_IN_RUN_LOG), outOfMemoryKills(groups)]);
  for (const line of lines) log(line, "error");
  if (lines.some((line) => /\bENOSPC\b|No space left on device/.test(line))) return diskFull();
  const seconds = (afterMs / 1000).toFixed(1);
  if (kills > 0) {
    return failure("process-exited", {
      cause: `The process was killed after ${seconds} s because it used more memory than its limit.`,
      whoCanFix: "team-owner",
      nextAction: "Raise memoryMiB in the golden path's waymark.yaml, or make the service need less at its start, then retry.",
    });
  }
  const said = tellingLine(lines);
  return failure("process-exited", {
    cause: `The process ${end.how} after ${seconds} s${said ? `: ${said}` : " and wrote nothing"}`.replace(/\.?$/, "."),
    whoCanFix: "you",
    nextAction: "Read its last lines in the log of this step, correct the service or its variables, then retry.",
  });
}

/** Why a process that runs is not ready. */
export function neverReady(seconds: number, health: { path: string; saw: string }, isSilent: boolean): StepFailure {
  const nextAction = isSilent
    ? "Let the service listen on what the variable PORT says (here the path of a unix socket), then retry."
    : `Read the process log on the environment's page, correct what ${health.path} waits for, then retry.`;
  return failure("health-never-passed", { cause: `The process runs, but after ${seconds} s GET ${health.path} still fails: ${health.saw}.`, whoCanFix: "you", nextAction });
}
