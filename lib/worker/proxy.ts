import { eq, sql } from "drizzle-orm";
import { db, sqlClient } from "@/db/client";
import { environments, environmentTraffic } from "@/db/schema";
import type { Env } from "@/lib/core/env";
import { startSandboxProxy } from "@/lib/environments/jobs";

/** Starts the listener at which sandboxes answer; its traffic figures go to Postgres every few seconds. */
export async function startProxy(settings: Env): Promise<{ stop(): Promise<void> }> {
  const proxy = await startSandboxProxy({
    host: settings.bindAddress,
    port: settings.proxyPort,
    domain: settings.sandboxDomain,
    portalUrl: settings.url,
    resolve: resolveName,
    flush: storeTraffic,
  });
  const routes = await sqlClient().listen("waymark_route", (name) => proxy.routeChanged(name));
  return {
    stop: async () => {
      await routes.unlisten();
      await proxy.stop();
    },
  };
}

async function resolveName(name: string) {
  const [row] = await db()
    .select({ id: environments.id, status: environments.status, handle: environments.handle })
    .from(environments)
    .where(eq(environments.name, name))
    .orderBy(sql`${environments.status} = 'deleted', ${environments.createdAt} desc`)
    .limit(1);
  return row ? { environmentId: row.id, status: row.status, handle: row.handle } : null;
}

interface MinuteCounts {
  environmentId: string;
  minute: Date;
  requests: number;
  errors: number;
  buckets: number[];
}

async function storeTraffic(counts: MinuteCounts[]): Promise<void> {
  for (const { buckets, ...count } of counts) {
    await db()
      .insert(environmentTraffic)
      .values({ ...count, buckets })
      .onConflictDoUpdate({
        target: [environmentTraffic.environmentId, environmentTraffic.minute],
        set: {
          requests: sql`${environmentTraffic.requests} + ${count.requests}`,
          errors: sql`${environmentTraffic.errors} + ${count.errors}`,
          buckets: sql`array(select coalesce(a, 0) + coalesce(b, 0) from unnest(${environmentTraffic.buckets}, excluded.buckets) as both_sides(a, b))`,
        },
      });
  }
}
