import { LOG_LEVELS } from "./config.js";

/** A log that writes one JSON object per line; lines below the level are left out. */
export function createLog({ level = "info", write = (line) => process.stdout.write(line) } = {}) {
  const threshold = LOG_LEVELS.indexOf(level);
  const log = {};
  LOG_LEVELS.forEach((name, rank) => {
    log[name] = (message, fields = {}) => {
      if (rank < threshold) return;
      write(`${JSON.stringify({ time: new Date().toISOString(), level: name, message, ...fields, ...describe(fields.error) })}\n`);
    };
  });
  return log;
}

function describe(error) {
  if (!(error instanceof Error)) return {};
  return { error: { name: error.name, message: error.message, code: error.code, stack: error.stack } };
}
