import { and, desc, eq, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import type { z } from "zod";
import type { Connection } from "@/db/client";
import { guardrailDecisions, teams } from "@/db/schema";
import type { Actor } from "@/lib/core/actor";
import type { Channel } from "@/lib/core/ctx";
import { decodeCursor, encodeCursor } from "@/lib/core/cursor";
import { newId } from "@/lib/core/id";
import { teamsWithin } from "@/lib/core/policy";
import type { Ability, DecisionListInput, Document, GuardrailDecision, GuardrailReport } from "./contract";

const KEPT_DAYS = 90;

interface NewDecision {
  ability: Ability;
  at: Date;
  stage: "submit" | "effect";
  channel: Channel;
  actorId: string | null;
  actorLabel: string;
  teamId: string | null;
  subjectId?: string | null;
  runId?: string;
  runAttempt?: number;
  requestId: string;
  document: Document;
  report: GuardrailReport;
}

/** Keeps what guardrails saw and said. Returns its id. */
export async function insertDecision(on: Connection, { report, document, ...columns }: NewDecision): Promise<string> {
  const id = newId("guardrailDecision", columns.at.getTime());
  const results = report.results.flatMap(({ verdict, ...result }) => (verdict === "open" ? [] : [{ ...result, verdict }]));
  await on.insert(guardrailDecisions).values({ ...columns, id, outcome: report.outcome, document: { ...document }, results });
  return id;
}

const selectDecisions = (on: Connection) =>
  on.select({ row: guardrailDecisions, team: teams.ref }).from(guardrailDecisions).leftJoin(teams, eq(teams.id, guardrailDecisions.teamId));

function present({ row, team }: { row: typeof guardrailDecisions.$inferSelect; team: string | null }): GuardrailDecision {
  const { id, stage, outcome, channel, runId, document, results } = row;
  return { id, at: row.at.toISOString(), ability: row.ability as Ability, stage, outcome, channel, actor: row.actorLabel, team, runId, document, results };
}

/** One decision with the team that it belongs to, or null. */
export async function findDecision(on: Connection, id: string): Promise<{ decision: GuardrailDecision; teamId: string | null } | null> {
  const [found] = await selectDecisions(on).where(eq(guardrailDecisions.id, id));
  return found ? { decision: present(found), teamId: found.row.teamId } : null;
}

/** Decisions of teams that the reader may see, the newest first. */
export async function readDecisions(
  on: Connection,
  actor: Actor,
  input: z.output<typeof DecisionListInput>,
): Promise<{ items: GuardrailDecision[]; nextCursor: string | null; total: number }> {
  const reach = teamsWithin(actor, "guardrail.read-decision");
  const notPassed = (name: string): SQL =>
    sql`exists (select 1 from jsonb_array_elements(${guardrailDecisions.results}) as one where one->>'name' = ${name} and one->>'verdict' <> 'passes')`;
  const filter = and(
    reach === "all" ? undefined : reach.length ? inArray(guardrailDecisions.teamId, reach) : sql`false`,
    input.ability ? eq(guardrailDecisions.ability, input.ability) : undefined,
    input.outcome ? eq(guardrailDecisions.outcome, input.outcome) : undefined,
    input.team ? or(eq(teams.name, input.team), eq(teams.ref, input.team)) : undefined,
    input.guardrail ? notPassed(input.guardrail) : undefined,
  );
  const after = input.cursor ? decodeCursor(input.cursor) : null;
  const page = after ? or(lt(guardrailDecisions.at, after.at), and(eq(guardrailDecisions.at, after.at), lt(guardrailDecisions.id, after.id))) : undefined;
  const [rows, [counted]] = await Promise.all([
    selectDecisions(on)
      .where(and(filter, page))
      .orderBy(desc(guardrailDecisions.at), desc(guardrailDecisions.id))
      .limit(input.limit + 1),
    on.select({ n: sql<number>`count(*)::int` }).from(guardrailDecisions).leftJoin(teams, eq(teams.id, guardrailDecisions.teamId)).where(filter),
  ]);
  const shown = rows.slice(0, input.limit);
  const last = shown.at(-1)?.row;
  return { items: shown.map(present), nextCursor: rows.length > input.limit && last ? encodeCursor({ at: last.at, id: last.id }) : null, total: counted?.n ?? 0 };
}

/** What guardrails said of a run: as it was asked for, and again before its effects; the latest 20, the newest last. */
export async function decisionsOfRun(on: Connection, runId: string): Promise<GuardrailDecision[]> {
  const latest = await selectDecisions(on).where(eq(guardrailDecisions.runId, runId)).orderBy(desc(guardrailDecisions.at)).limit(20);
  return latest.reverse().map(present);
}

/** Forgets decisions of long ago, a part at a time. Returns how many. */
export async function forgetOldDecisions(on: Connection): Promise<number> {
  const gone = await on.execute(sql`
    delete from guardrail_decisions where id in (select id from guardrail_decisions where at < now() - ${KEPT_DAYS} * interval '1 day' limit 20000) returning id`);
  return gone.length;
}
