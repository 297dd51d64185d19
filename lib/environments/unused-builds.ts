import { db } from "@/db/client";
import { writeAudit } from "@/lib/core/audit";
import { databaseNow } from "@/lib/core/ctx";
import { log } from "@/lib/core/log";
import { loadSettings } from "@/lib/platform/queries";
import { allDrivers } from "./drivers";
import { warmShippedPaths } from "./warm";

const DAY_MS = 86_400_000;

/** Once a day removes packages and builds that nothing has used for the days of the settings, with an audit event of what that freed. */
export async function removeUnusedBuilds(): Promise<void> {
  const now = await databaseNow();
  const days = (await loadSettings(db()))["environments.keepBuildsDays"];
  for (const driver of allDrivers()) {
    if (await driver.unavailable()) continue;
    const removed = await driver.removeUnused(new Date(now.getTime() - days * DAY_MS), now);
    if (removed.length === 0) continue;
    const of = (kind: "build" | "packages") => removed.filter((one) => one.kind === kind).length;
    const detail = { builds: of("build"), packages: of("packages"), freedBytes: removed.reduce((sum, { bytes }) => sum + bytes, 0), unusedDays: days };
    log().info({ driver: driver.name, ...detail }, "unused builds and packages were removed");
    const ctx = { actor: { type: "system" as const, name: "environments" }, now, requestId: "clean-up", ipPrefix: null };
    await writeAudit(db(), ctx, "environment.builds-removed", "done", { target: { type: "driver", id: driver.name, label: driver.title }, detail });
    // What shipped paths need is there before somebody asks for it.
    await warmShippedPaths();
  }
}
