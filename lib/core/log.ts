import pino from "pino";

const store = globalThis as typeof globalThis & { __waymarkLog?: pino.Logger };

/** The process log: JSON lines on stdout, secrets redacted by key. */
export function log(): pino.Logger {
  store.__waymarkLog ??= pino({
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: ["*.password", "*.secret", "*.token", "*.authorization", "*.cookie"], censor: "[hidden]" },
  });
  return store.__waymarkLog;
}
