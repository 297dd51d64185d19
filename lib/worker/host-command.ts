import { parseArgs } from "node:util";
import { closeDatabase, openDatabase } from "@/db/client";
import { parseDuration } from "@/lib/core/duration";
import { env } from "@/lib/core/env";
import { isDomainError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { createTokenOnHost, grantAdminOnHost } from "@/lib/identity/host";
import { doctorReport } from "./doctor";

// Commands for the server's own machine. They trust whoever can read the data directory, so no portal session is needed.

const options = {
  as: { type: "string" },
  scopes: { type: "string" },
  "ttl-minutes": { type: "string" },
  ttl: { type: "string" },
  json: { type: "boolean" },
} as const;

async function tokenCreate(values: { as?: string; scopes?: string; "ttl-minutes"?: string; ttl?: string }): Promise<unknown> {
  const ttlMinutes = values["ttl-minutes"] ? Number(values["ttl-minutes"]) : parseDuration(values.ttl ?? "1d");
  return createTokenOnHost({ who: values.as ?? "", scopes: (values.scopes ?? "read").split(","), ttlMinutes });
}

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({ options, allowPositionals: true });
  const [command, argument = ""] = positionals;
  const { databaseUrl } = env();
  // Standard output is the answer, one JSON value.
  log().level = "silent";
  if (command === "doctor") {
    const report = await doctorReport();
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return report.some((line) => line.state === "missing") ? 1 : 0;
  }
  if (!databaseUrl) throw new Error("DATABASE_URL is not set and no portal has been started from this data directory. Run `npm start` first.");
  openDatabase(databaseUrl, { max: 2 });
  const result = command === "token-create" ? await tokenCreate(values) : command === "admin-grant" ? await grantAdminOnHost(argument) : null;
  if (result === null) throw new Error(`Unknown command "${command}".`);
  process.stdout.write(`${JSON.stringify(result)}\n`);
  return 0;
}

main()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return isDomainError(error) && error.code === "invalid" ? 2 : 1;
  })
  .then(async (code) => {
    await closeDatabase();
    process.exit(code);
  });
