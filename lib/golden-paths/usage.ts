import { sql } from "drizzle-orm";
import type { Connection } from "@/db/client";

export interface Usage {
  environments: number;
  services: number;
  failed: number;
  lastUsedAt: string | null;
}

export const UNUSED: Usage = { environments: 0, services: 0, failed: 0, lastUsedAt: null };

interface UsageRow extends Record<string, unknown> {
  name: string;
  version: string;
  environments: number;
  services: number;
  failed: number;
  last: Date | string | null;
}

/** What was made from each version of each path, by `name@version`; demo history does not count. */
export async function usageByVersion(on: Connection): Promise<Map<string, Usage>> {
  const rows = await on.execute<UsageRow>(sql`
    select name, version, sum(environments)::int as environments, sum(services)::int as services, sum(failed)::int as failed, max(at) as last
    from (
      select e.golden_path as name, e.golden_path_version as version, 1 as environments, 0 as services, e.created_at as at,
             (exists (select 1 from runs r where r.environment_id = e.id and r.kind = 'environment.create' and r.status = 'failed'))::int as failed
      from environments e where e.golden_path is not null and not e.is_demo
      union all
      select r.input->>'goldenPath', r.input->>'version', 0, (r.status = 'succeeded')::int, r.created_at, (r.status = 'failed')::int
      from runs r where r.kind = 'service.create' and not r.is_demo
    ) made where version is not null group by name, version`);
  return new Map(rows.map(({ name, version, last, ...counts }) => [`${name}@${version}`, usageOf(counts, last)]));
}

function usageOf({ environments, services, failed }: Pick<UsageRow, "environments" | "services" | "failed">, last: Date | string | null): Usage {
  return { environments, services, failed, lastUsedAt: last === null ? null : new Date(last).toISOString() };
}

/** The usage of several versions together. */
export function sumUsage(parts: Usage[]): Usage {
  return parts.reduce(
    (sum, part) => ({
      environments: sum.environments + part.environments,
      services: sum.services + part.services,
      failed: sum.failed + part.failed,
      lastUsedAt:
        [sum.lastUsedAt, part.lastUsedAt]
          .filter((at) => at !== null)
          .sort()
          .at(-1) ?? null,
    }),
    UNUSED,
  );
}
