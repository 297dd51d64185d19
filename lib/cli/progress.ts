import type { Run, RunStep } from "@/lib/runs/contract";
import { cleanLine, isWatched, paint, tell } from "./terminal";

export interface Progress {
  show(run: Run): void;
  /** Ends the updates; what was shown stays. */
  stop(): void;
}

const REDRAW_MS = 100;
const ELAPSED_WIDTH = 8;
const COLOUR = { succeeded: "green", failed: "red", cancelled: "yellow", skipped: "dim" } as const;

const wordFor = (status: keyof typeof COLOUR) => (status === "succeeded" ? "ok" : status);
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const elapsedSince = (begun: number) => {
  const text = seconds(performance.now() - begun);
  return " ".repeat(Math.max(0, ELAPSED_WIDTH - text.length)) + paint("dim", text);
};

/** The steps of a run as they end, one line each, to standard error. */
function reporter(begun: number, say: (elapsed: string, step: RunStep, status: keyof typeof COLOUR) => void) {
  const told = new Map<string, string>();
  return (run: Run) => {
    for (const step of run.steps) {
      const { name, status, attempt } = step;
      if (status === "pending" || status === "running" || told.get(name) === `${status} ${attempt}`) continue;
      told.set(name, `${status} ${attempt}`);
      say(elapsedSince(begun), step, status);
    }
  };
}

function plainProgress(): Progress {
  const show = reporter(performance.now(), (elapsed, { title }, status) => tell(`${elapsed}  ${cleanLine(title)}: ${wordFor(status)}`));
  return { show, stop: () => {} };
}

/** What a run does now; between two steps the next one is what is waited for. */
function waitedFor({ status, steps }: Run): string {
  if (status === "queued") return "Waiting for a worker";
  const step = steps.findLast((one) => one.status === "running") ?? steps.find((one) => one.status === "pending");
  if (!step) return "";
  return [cleanLine(step.title), step.attempt > 1 ? `, attempt ${step.attempt}` : "", step.usualMs === null ? "" : ` (usually ${seconds(step.usualMs)})`].join("");
}

/** One line that keeps up to date while a step runs, above it the steps that ended. */
function liveProgress(): Progress {
  const begun = performance.now();
  const write = (text: string) => process.stderr.write(`\r\u001b[K${text}`);
  let now = "";
  const draw = () => {
    const room = Math.max(20, (process.stderr.columns || 80) - ELAPSED_WIDTH - 3);
    write(`${elapsedSince(begun)}  ${now.slice(0, room)}`);
  };
  const report = reporter(begun, (elapsed, { title }, status) => write(`${elapsed}  ${cleanLine(title)}: ${paint(COLOUR[status], wordFor(status))}\n`));
  const redraw = setInterval(draw, REDRAW_MS);
  redraw.unref();
  return {
    show(run) {
      report(run);
      now = waitedFor(run);
      draw();
    },
    stop() {
      clearInterval(redraw);
      write("");
    },
  };
}

/** Progress with elapsed time: a live line on a terminal, plain lines elsewhere, nothing when quiet. */
export function openProgress(quiet: boolean): Progress {
  if (quiet) return { show: () => {}, stop: () => {} };
  return isWatched() ? liveProgress() : plainProgress();
}
