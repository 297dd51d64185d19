import { openDatabase } from "@/db/client";
import { migrateDatabase } from "@/db/migrate";
import { env } from "@/lib/core/env";
import { isDomainError } from "@/lib/core/errors";
import { processHealth } from "@/lib/core/health";
import { log } from "@/lib/core/log";
import { warmShippedPaths } from "@/lib/environments/jobs";
import { type Running, startParts } from "./parts";
import { seedPlatform } from "./seed";

const store = globalThis as typeof globalThis & { __waymarkBoot?: Promise<void> };

/** Brings this process up once: database, migrations, seed, then worker and proxy by role. Ends the process with one line when it cannot. */
export function boot(): Promise<void> {
  store.__waymarkBoot ??= bootOnce().catch((error: unknown) => {
    const message = isDomainError(error) ? error.message : `Waymark could not start: ${error instanceof Error ? error.message : String(error)}`;
    if (!isDomainError(error)) log().error({ err: error }, "start failed");
    process.stderr.write(`${message}\n`);
    process.exit(1);
  });
  return store.__waymarkBoot;
}

async function bootOnce(): Promise<void> {
  const { databaseUrl, secret, appRoot, role } = env();
  if (!databaseUrl) throw new Error("DATABASE_URL is not set. Set it to a PostgreSQL 14 or later, or start with `npm start`, which brings its own.");
  if (!secret) throw new Error("WAYMARK_SECRET is not set. Set it to a random text of at least 32 characters and keep it: stored secrets are encrypted with it.");
  const { appUrl, appRoleMissing } = await migrateDatabase(databaseUrl, secret, appRoot);
  if (appRoleMissing) log().warn(`The audit log is protected by a trigger only. ${appRoleMissing}`);
  openDatabase(appUrl, { max: 12 });
  await seedPlatform();
  const running = await startParts(role, databaseUrl);
  stopOnSignal(running);
  processHealth().ready = true;
  if (role !== "web") void warmShippedPaths();
}

function stopOnSignal(running: Running): void {
  const stop = () => {
    processHealth().draining = true;
    // Next closes the server itself; what is under way here is handed over, so that another worker goes on at once.
    running.stop().catch((error: unknown) => log().warn({ err: error }, "the worker did not stop cleanly"));
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}
