import { subscribe } from "node:diagnostics_channel";
import { trace } from "@opentelemetry/api";

const MAX_WAITING = 200;
const MAX_CHARS = 8_000;
const SEVERITY = { trace: 1, debug: 5, info: 9, warn: 13, warning: 13, error: 17, fatal: 21 };
/** The numbers that pino writes. */
const NUMBERED = (level) => (level >= 60 ? "fatal" : level >= 50 ? "error" : level >= 40 ? "warn" : level >= 30 ? "info" : "debug");

/** A line of a structured log says how grave it is; any other is as grave as the stream that it came by. */
function read(line, isError) {
  if (line.startsWith("{")) {
    try {
      const { level, message, msg } = JSON.parse(line);
      const word = typeof level === "number" ? NUMBERED(level) : typeof level === "string" ? level.toLowerCase() : "";
      const body = message ?? msg;
      if (SEVERITY[word] && typeof body === "string") return { severity: SEVERITY[word], word, body: line };
    } catch {
      // Not JSON after all.
    }
  }
  return { severity: isError ? SEVERITY.error : SEVERITY.info, word: isError ? "error" : "info", body: line };
}

/** Listens to what the process writes; each line keeps the span that it was written in. Nothing is held back from the process's own log. */
export function captureOutput() {
  const waiting = [];
  let deliver = (line) => waiting.length < MAX_WAITING && waiting.push(line);
  let isOwn = false;
  for (const [stream, isError] of [
    [process.stdout, false],
    [process.stderr, true],
  ]) {
    const write = stream.write;
    stream.write = function writeAndTell(chunk, ...rest) {
      if (!isOwn && typeof chunk === "string") {
        const span = trace.getActiveSpan()?.spanContext();
        for (const line of chunk.split("\n")) if (line.trim()) deliver({ ...read(line.slice(0, MAX_CHARS), isError), at: Date.now(), span });
      }
      return write.call(this, chunk, ...rest);
    };
  }
  // The shipped golden paths offer each line before it is written, so that the trace can be found from the log too.
  subscribe("log", (line) => {
    const span = trace.getActiveSpan()?.spanContext();
    if (span && line && typeof line === "object") line.traceId ??= span.traceId;
  });
  return {
    to(next) {
      deliver = next;
      for (const line of waiting.splice(0)) next(line);
    },
    /** Says something about telemetry itself, in the process's log alone. */
    warn(error) {
      isOwn = true;
      console.error(
        JSON.stringify({
          time: new Date().toISOString(),
          level: "warn",
          message: `Telemetry cannot be sent to ${process.env.OTEL_EXPORTER_OTLP_ENDPOINT}: ${error?.message ?? error}`,
        }),
      );
      isOwn = false;
    },
  };
}
