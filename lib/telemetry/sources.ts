import { sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import type { UserActor } from "@/lib/core/actor";
import { can } from "@/lib/core/policy";
import type { Signal } from "./otlp/messages";
import { type Attributes, cleanText } from "./otlp/values";

/** Who sends: an environment that Waymark runs, or a person's token on behalf of services that run elsewhere. */
export type Sender =
  | {
      type: "environment";
      key: string;
      environmentId: string;
      teamId: string;
      entityRef: string | null;
      service: string;
      environment: string;
      version: string | null;
      isDemo: boolean;
    }
  | { type: "token"; key: string; actor: UserActor };

const MAX_CHARS = 100;
const named = (resource: Attributes, ...keys: string[]): string | null => {
  for (const key of keys) if (typeof resource[key] === "string" && resource[key].trim() !== "") return cleanText(resource[key].trim(), MAX_CHARS);
  return null;
};

interface NewSource {
  environmentId: string | null;
  entityRef: string | null;
  teamId: string;
  service: string;
  environment: string;
  version: string | null;
  isDemo: boolean;
}

async function ensure(on: Connection, source: NewSource): Promise<number> {
  const { environmentId, entityRef, teamId, service, environment, version, isDemo } = source;
  const target = environmentId ? sql`(environment_id)` : sql`(entity_ref, environment) where environment_id is null`;
  const [row] = await on.execute<{ id: number }>(sql`
    insert into telemetry_sources as s (environment_id, entity_ref, team_id, service, environment, version, is_demo, first_seen_at)
    values (${environmentId}, ${entityRef}, ${teamId}, ${service}, ${environment}, ${version}, ${isDemo}, now())
    on conflict ${target} do update set
      entity_ref = excluded.entity_ref, team_id = excluded.team_id, service = excluded.service, environment = excluded.environment, version = coalesce(excluded.version, s.version)
    returning id`);
  if (!row) throw new Error("a source of telemetry was not stored");
  return row.id;
}

/** Whatever an environment's process says of itself, it reports as that environment. */
async function ofEnvironment(on: Connection, sender: Extract<Sender, { type: "environment" }>, version: string | null): Promise<number> {
  return ensure(on, { ...sender, version: version ?? sender.version });
}

async function ofService(on: Connection, actor: UserActor, said: Said): Promise<number | string> {
  const { service, environment, version } = said;
  if (!service || service.startsWith("unknown_service")) return "The resource has no service.name. Set OTEL_SERVICE_NAME to the name of the component in the catalog.";
  const [found] = await on.execute<{ ref: string; team_id: string | null }>(sql`
    select e.ref, t.id as team_id from entities e left join teams t on t.ref = lower(e.owner_ref)
    where e.kind = 'component' and lower(e.name) = ${service.toLowerCase()} and e.gone_at is null order by e.namespace <> 'default', e.ref limit 1`);
  if (!found) return `There is no component "${service}" in the catalog. Set OTEL_SERVICE_NAME to the name of one.`;
  if (!found.team_id || !can(actor, "event.ingest", { teamId: found.team_id })) return `You may not report for ${found.ref}: you are not in the team that owns it.`;
  return ensure(on, { environmentId: null, entityRef: found.ref, teamId: found.team_id, service, environment, version, isDemo: false });
}

const saidBy = (resource: Attributes) => ({
  service: named(resource, "service.name"),
  environment: named(resource, "deployment.environment.name", "deployment.environment") ?? "unknown",
  version: named(resource, "service.version"),
});
type Said = ReturnType<typeof saidBy>;

const known = new Map<string, { answer: number | string; untilMs: number }>();
const KNOWN_MS = 20_000;
const MAX_KNOWN = 2_000;

/** The row under which a resource's telemetry is kept; a sentence when the sender may not send it. Asked again after some seconds. */
export async function sourceOf(on: Connection, sender: Sender, resource: Attributes): Promise<number | string> {
  const said = saidBy(resource);
  const key = JSON.stringify([sender.key, sender.type === "environment" ? [said.version ?? sender.version, sender.entityRef] : said]);
  const found = known.get(key);
  if (found && found.untilMs > performance.now()) return found.answer;
  const answer = sender.type === "environment" ? await ofEnvironment(on, sender, said.version) : await ofService(on, sender.actor, said);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(key, { answer, untilMs: performance.now() + KNOWN_MS });
  return answer;
}

/** To be called when storing failed: a source may have gone with its team. */
export const forgetSources = (): void => known.clear();

const LAST = { traces: "last_span_at", metrics: "last_metric_at", logs: "last_log_at" } as const;

/** Notes that a signal came, for the proof on the page. */
export async function noteArrival(on: Connection, sourceId: number, signal: Signal): Promise<void> {
  const column = sql.identifier(LAST[signal]);
  await on.execute(sql`update telemetry_sources set ${column} = greatest(${column}, clock_timestamp()) where id = ${sourceId}`);
}

/** Notes what was refused of it, for the page. */
export async function noteRefusal(on: Connection, sourceId: number, because: string): Promise<void> {
  await on.execute(sql`update telemetry_sources set refused_at = clock_timestamp(), refused_because = ${because} where id = ${sourceId}`);
}
