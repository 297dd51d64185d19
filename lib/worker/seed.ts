import { readdir } from "node:fs/promises";
import path from "node:path";
import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import { seedDemoPeople } from "@/db/seed/demo-people";
import { seedActions } from "@/lib/actions/jobs";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { log } from "@/lib/core/log";
import { publishFiles } from "@/lib/golden-paths/mutations";
import { seedDemoDelivery } from "./demo/delivery";
import { seedDemoCatalog } from "./demo/seed-catalog";
import { seedDemoGuardrails } from "./demo/seed-guardrails";
import { seedDemoHistory } from "./demo/seed-history";
import { seedDemoProposal } from "./demo/seed-proposal";
import { seedDemoScorecards } from "./demo/seed-scorecards";
import { seedDemoSurveys } from "./demo/seed-surveys";

/** Publishes the golden paths and actions that ship with this build and, in demo mode on the first start, the demo company. Safe on every replica at once. */
export async function seedPlatform(): Promise<void> {
  const now = await databaseNow();
  await db().transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('waymark.seed'))`);
    for (const { name, version, isNew } of await publishShipped(tx, now)) if (isNew) log().info(`Published golden path ${name} ${version}.`);
    for (const name of await seedActions(tx, now)) log().info(`Published action ${name}.`);
    if (env().demo) {
      await seedDemoPeople(tx);
      await seedDemoHistory(tx, now);
      await seedDemoCatalog(tx, now);
      await seedDemoSurveys(tx, now);
      await seedDemoDelivery(tx, now);
      await seedDemoProposal(tx, now);
      await seedDemoScorecards(tx, now);
      await seedDemoGuardrails(tx, now);
    }
  });
}

async function publishShipped(tx: Parameters<typeof publishFiles>[0], now: Date) {
  const { readPathFolder } = await import("@/lib/golden-paths/jobs");
  const root = path.join(/*turbopackIgnore: true*/ env().appRoot, "golden-paths");
  const published = [];
  for (const folder of (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory())) {
    const files = await readPathFolder(path.join(root, folder.name));
    // What paths share is no path itself.
    if (!files.has("template.yaml")) continue;
    published.push(await publishFiles(tx, files, { note: "Shipped with Waymark.", publishedBy: null, now }));
  }
  return published;
}
