import { channel } from "node:diagnostics_channel";
import { LOG_LEVELS } from "./config.js";

/** Whoever listens sees each line before it is written: telemetry/ adds the trace's id and sends it on. */
const lines = channel("log");

/** A log that writes one JSON object per line; lines below the level are left out. */
export function createLog({ level = "info", write = (line) => process.stdout.write(line) } = {}) {
  const threshold = LOG_LEVELS.indexOf(level);
  const log = {};
  LOG_LEVELS.forEach((name, rank) => {
    log[name] = (message, fields = {}) => {
      if (rank < threshold) return;
      const line = { time: new Date().toISOString(), level: name, message, ...fields, ...describe(fields.error) };
      lines.publish(line);
      write(`${JSON.stringify(line)}\n`);
    };
  });
  return log;
}

function describe(error) {
  if (!(error instanceof Error)) return {};
  return { error: { name: error.name, message: error.message, code: error.code, stack: error.stack } };
}
