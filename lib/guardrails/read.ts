import { and, desc, eq, gt, isNull, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { guardrailExceptions, guardrailRevisions, guardrails, teams, users } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import type { Guardrail, GuardrailException, GuardrailRevision } from "./contract";
import { storedDefinition } from "./rules";

export type GuardrailRow = typeof guardrails.$inferSelect;

const RECENT_DAYS = 30;

/** The row of this name. Throws not_found. */
export async function loadGuardrail(on: Connection, name: string): Promise<GuardrailRow> {
  const [row] = await on.select().from(guardrails).where(eq(guardrails.name, name.toLowerCase()));
  if (!row) throw new DomainError("not_found", `There is no guardrail "${name.slice(0, 60)}".`);
  return row;
}

/** Exceptions that hold now by guardrail, those that end first first. */
async function exceptionsNow(on: Connection, now: Date): Promise<Map<string, GuardrailException[]>> {
  const rows = await on
    .select({ row: guardrailExceptions, team: { ref: teams.ref, title: teams.title }, handle: users.handle })
    .from(guardrailExceptions)
    .innerJoin(teams, eq(teams.id, guardrailExceptions.teamId))
    .leftJoin(users, eq(users.id, guardrailExceptions.grantedBy))
    .where(and(isNull(guardrailExceptions.endedAt), gt(guardrailExceptions.expiresAt, now)))
    .orderBy(guardrailExceptions.expiresAt, guardrailExceptions.id);
  const all = new Map<string, GuardrailException[]>();
  for (const { row, team, handle } of rows) {
    const { id, reason, expiresAt, createdAt } = row;
    const shown = { id, team, reason, expiresAt: expiresAt.toISOString(), grantedBy: handle, createdAt: createdAt.toISOString() };
    all.set(row.guardrailId, [...(all.get(row.guardrailId) ?? []), shown]);
  }
  return all;
}

/** How often each was asked lately, and what it said. */
async function recentBy(on: Connection): Promise<Map<string, Guardrail["recent"]>> {
  const rows = await on.execute<{ name: string; asked: number; refused: number; warned: number }>(sql`
    select one->>'name' as name, count(*)::int as asked, (count(*) filter (where one->>'verdict' = 'refuses'))::int as refused, (count(*) filter (where one->>'verdict' = 'warns'))::int as warned
    from guardrail_decisions, jsonb_array_elements(results) as one where stage = 'submit' and at > now() - ${RECENT_DAYS} * interval '1 day' group by 1`);
  return new Map(rows.map(({ name, ...counts }) => [name, { asked: counts.asked, refused: counts.refused, warned: counts.warned }]));
}

/** Guardrails with the exceptions that hold now; those that are off only on request. In the order of their titles. */
export async function readGuardrails(on: Connection, now: Date, only: { isOff: boolean; name?: string }): Promise<Guardrail[]> {
  const [rows, exceptions, recent] = await Promise.all([on.select().from(guardrails), exceptionsNow(on, now), recentBy(on)]);
  return rows
    .filter((row) => (only.name === undefined || row.name === only.name.toLowerCase()) && (only.isOff || storedDefinition(row.definition).effect !== "off"))
    .map((row) => ({
      name: row.name,
      definition: storedDefinition(row.definition),
      revision: row.revision,
      updatedAt: row.updatedAt.toISOString(),
      exceptions: exceptions.get(row.id) ?? [],
      recent: recent.get(row.name) ?? { asked: 0, refused: 0, warned: 0 },
    }))
    .sort((a, b) => a.definition.title.localeCompare(b.definition.title));
}

/** Earlier definitions, the newest first. */
export async function readRevisions(on: Connection, guardrailId: string): Promise<GuardrailRevision[]> {
  const rows = await on
    .select({
      revision: guardrailRevisions.revision,
      note: guardrailRevisions.note,
      savedAt: guardrailRevisions.savedAt,
      definition: guardrailRevisions.definition,
      savedBy: users.handle,
    })
    .from(guardrailRevisions)
    .leftJoin(users, eq(users.id, guardrailRevisions.savedBy))
    .where(eq(guardrailRevisions.guardrailId, guardrailId))
    .orderBy(desc(guardrailRevisions.revision))
    .limit(50);
  return rows.map(({ savedAt, definition, ...row }) => ({ ...row, savedAt: savedAt.toISOString(), definition: storedDefinition(definition) }));
}
