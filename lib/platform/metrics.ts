import { sql } from "drizzle-orm";
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { db } from "@/db/client";
import { telemetryCounts } from "@/lib/core/counters";

const store = globalThis as typeof globalThis & { __waymarkMetrics?: Registry };

function registry(): Registry {
  if (store.__waymarkMetrics) return store.__waymarkMetrics;
  const made = new Registry();
  collectDefaultMetrics({ register: made, prefix: "waymark_" });
  const gauge = (name: string, help: string, label: string, table: string) =>
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [made],
      async collect() {
        this.reset();
        for (const row of await db().execute<{ status: string; n: number }>(
          sql`select status, count(*)::int as n from ${sql.identifier(table)} where not is_demo group by status`,
        )) {
          this.set({ [label]: row.status }, row.n);
        }
      },
    });
  gauge("waymark_environments", "Environments by status.", "status", "environments");
  gauge("waymark_runs", "Runs by status.", "status", "runs");
  new Gauge({
    name: "waymark_workers",
    help: "Worker processes with a fresh heartbeat.",
    registers: [made],
    async collect() {
      const [row] = await db().execute<{ n: number }>(sql`select count(*)::int as n from workers where heartbeat_at > now() - interval '15 seconds'`);
      this.set(row?.n ?? 0);
    },
  });
  new Counter({
    name: "waymark_telemetry_items_total",
    help: "Spans, metrics and log records that came by OTLP since this process started, by what became of them.",
    labelNames: ["signal", "result"],
    registers: [made],
    collect() {
      this.reset();
      for (const { signal, result, count } of telemetryCounts()) this.inc({ signal, result }, count);
    },
  });
  store.__waymarkMetrics = made;
  return made;
}

/** All figures of the portal in Prometheus' text format. */
export async function metricsText(): Promise<{ contentType: string; body: string }> {
  const all = registry();
  return { contentType: all.contentType, body: await all.metrics() };
}
