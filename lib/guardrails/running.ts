import { sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import type { Document } from "./contract";
import { requestOf } from "./document";

/** An environment that runs now, as the request for it would look today. */
export interface RunningEnvironment {
  id: string;
  name: string;
  tier: string;
  team: { ref: string; name: string };
  createdAt: Date;
  document: Document;
}

interface Row extends Record<string, unknown> {
  id: string;
  name: string;
  tier: string;
  lifetime: "ephemeral" | "permanent";
  driver: string;
  memory: number;
  ttl: number | null;
  path: string | null;
  version: string | null;
  entity: string | null;
  ref: string | null;
  default_branch: string | null;
  created_at: string;
  team_id: string;
  team_ref: string;
  team_name: string;
  role: string;
  membership: string | null;
  values: Record<string, unknown> | null;
  channel: string | null;
}

const MAX = 2_000;

/** Every living environment, without a moment: nobody asks for them now. Answers are those that were kept with the request, free of secrets. */
export async function runningEnvironments(on: Connection): Promise<RunningEnvironment[]> {
  const rows = await on.execute<Row>(sql`
    select e.id, e.name, e.tier, e.lifetime, e.driver, e.memory_mib as memory, e.ttl_minutes as ttl, e.golden_path as path, e.golden_path_version as version,
      e.entity_ref as entity, e.ref, r.default_branch, e.created_at, t.id as team_id, t.ref as team_ref, t.name as team_name, u.role, m.membership,
      d.document->'request'->'values' as values, d.channel
    from environments e join teams t on t.id = e.team_id join users u on u.id = e.owner_id
      left join repositories r on r.id = e.repository_id
      left join memberships m on m.user_id = e.owner_id and m.team_id = e.team_id
      left join lateral (
        select document, channel from guardrail_decisions d where d.subject_id = e.id and d.ability = 'environment.create' and d.stage = 'submit' order by d.at desc limit 1) d on true
    where not e.is_demo and e.status in ('queued', 'provisioning', 'ready') order by e.created_at desc, e.id limit ${MAX}`);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    tier: row.tier,
    team: { ref: row.team_ref, name: row.team_name },
    createdAt: new Date(row.created_at),
    document: {
      request: requestOf({
        tier: row.tier,
        ttlHours: row.ttl === null ? undefined : row.ttl / 60,
        goldenPath: row.path ?? "",
        goldenPathVersion: row.version ?? "",
        driver: row.driver,
        memoryMiB: row.memory,
        name: row.name,
        entityRef: row.entity ?? "",
        ref: row.ref ?? "",
        isDefaultBranch: row.default_branch !== null && row.ref === row.default_branch,
        values: row.entity === null ? (row.values ?? undefined) : {},
      }),
      team: teamOf(rows, row),
      actor: { role: row.role, isOwner: row.membership === "owner", isMember: row.membership !== null, isPlatformAdmin: row.role === "platform-admin" },
      channel: row.channel ?? "web",
    },
  }));
}

/** The team's other environments. */
function teamOf(rows: Iterable<Row>, { id, team_id, team_name }: Row): Document["team"] {
  const others = [...rows].filter((one) => one.team_id === team_id && one.id !== id);
  return {
    name: team_name,
    sandboxes: others.filter(({ lifetime }) => lifetime === "ephemeral").length,
    environments: others.filter(({ lifetime }) => lifetime === "permanent").length,
    memoryMiB: others.reduce((sum, { memory }) => sum + memory, 0),
  };
}
