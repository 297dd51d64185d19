import { and, eq, gt, isNull, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { guardrailExceptions, guardrails, users } from "@/db/schema";
import type { Ability, GuardrailDefinition } from "./contract";
import type { Rule } from "./decide";

/** A definition as it was checked when it was saved. */
export const storedDefinition = (definition: Record<string, unknown>) => definition as unknown as GuardrailDefinition;

const watching = (ability: Ability) => sql`${guardrails.definition} @> ${JSON.stringify({ abilities: [ability] })}::jsonb and ${guardrails.definition}->>'effect' <> 'off'`;

/** Whether any guardrail in force watches the ability, of whatever team. */
export async function isWatched(on: Connection, ability: Ability): Promise<boolean> {
  const [found] = await on.select({ id: guardrails.id }).from(guardrails).where(watching(ability)).limit(1);
  return found !== undefined;
}

type InForce = Awaited<ReturnType<typeof rulesInForce>>;

/** The guardrails in force for an ability, of whatever team, with the exceptions of one team that hold now: for `rulesFor`. */
export function rulesInForce(on: Connection, ability: Ability, teamId: string | null, now: Date) {
  return on
    .select({ row: guardrails, exception: guardrailExceptions, keeper: users.name })
    .from(guardrails)
    .leftJoin(
      guardrailExceptions,
      and(
        eq(guardrailExceptions.guardrailId, guardrails.id),
        eq(guardrailExceptions.teamId, teamId ?? ""),
        isNull(guardrailExceptions.endedAt),
        gt(guardrailExceptions.expiresAt, now),
      ),
    )
    .leftJoin(users, eq(users.id, guardrails.updatedBy))
    .where(watching(ability));
}

/** Those that concern the team. */
export function rulesFor(rows: InForce, teamRef: string): Rule[] {
  return rows.flatMap(({ row, exception, keeper }): Rule[] => {
    const definition = storedDefinition(row.definition);
    const { effect } = definition;
    if (effect === "off" || (definition.teams.length > 0 && !definition.teams.includes(teamRef))) return [];
    return [
      {
        name: row.name,
        revision: row.revision,
        definition: { ...definition, effect },
        exception: exception && { id: exception.id, reason: exception.reason, until: exception.expiresAt.toISOString() },
        keeper,
      },
    ];
  });
}
