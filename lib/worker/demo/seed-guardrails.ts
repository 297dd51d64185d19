import { inArray } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { guardrailDecisions, guardrailExceptions, settings, teams, users } from "@/db/schema";
import type { GuardrailResultRecord } from "@/db/schema/guardrails";
import { newId } from "@/lib/core/id";
import type { GuardrailDefinition } from "@/lib/guardrails/contract";
import { insertGuardrail } from "@/lib/guardrails/mutations";
import { DEMO_EXCEPTION, DEMO_GUARDRAILS, DEMO_REQUESTS } from "./guardrails";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MADE_DAYS_AGO = 40;

/** Makes the demo company's guardrails, the team that one lets through, and requests of the last days; once. */
export async function seedDemoGuardrails(tx: Tx, now: Date): Promise<void> {
  const [seeded] = await tx.insert(settings).values({ key: "demo.guardrails", value: true }).onConflictDoNothing().returning();
  if (!seeded) return;
  const handles = [...new Set([DEMO_EXCEPTION.grantedBy, ...DEMO_REQUESTS.map(({ actor }) => actor)])];
  const people = new Map((await tx.select({ id: users.id, handle: users.handle }).from(users).where(inArray(users.handle, handles))).map(({ handle, id }) => [handle, id]));
  const groups = new Map((await tx.select({ id: teams.id, name: teams.name }).from(teams)).map(({ name, id }) => [name, id]));
  const by = people.get(DEMO_EXCEPTION.grantedBy) ?? null;
  const made = new Date(now.getTime() - MADE_DAYS_AGO * DAY_MS);
  for (const { name, definition } of DEMO_GUARDRAILS) {
    const { id } = await insertGuardrail(tx, { name, definition, by, now: made, isDemo: true });
    const teamId = groups.get(DEMO_EXCEPTION.team);
    if (name !== DEMO_EXCEPTION.guardrail || !teamId) continue;
    const until = Math.ceil((now.getTime() + DEMO_EXCEPTION.days * DAY_MS) / DAY_MS) * DAY_MS;
    const exception = { id: newId("guardrailException", now.getTime()), guardrailId: id, teamId, reason: DEMO_EXCEPTION.reason, expiresAt: new Date(until) };
    await tx.insert(guardrailExceptions).values({ ...exception, grantedBy: by, createdAt: new Date(now.getTime() - 9 * DAY_MS) });
  }
  const watching = DEMO_GUARDRAILS.filter(({ definition }) => definition.abilities.includes("environment.create"));
  for (const asked of DEMO_REQUESTS) {
    const at = new Date(now.getTime() - asked.hoursAgo * HOUR_MS);
    const isRefused = asked.ttlHours > 72;
    await tx.insert(guardrailDecisions).values({
      id: newId("guardrailDecision", at.getTime()),
      at,
      ability: "environment.create",
      stage: "submit",
      outcome: isRefused ? "refused" : "allowed",
      channel: asked.channel,
      actorId: people.get(asked.actor) ?? null,
      actorLabel: asked.actor,
      teamId: groups.get(asked.team) ?? null,
      document: documentOf(asked),
      results: watching.map(({ name, definition }) => resultOf(name, definition, isRefused && name === "sandbox-lifetime")),
      requestId: newId("request", at.getTime()),
      isDemo: true,
    });
  }
}

const documentOf = ({ team, name, path, ttlHours, channel, actor }: (typeof DEMO_REQUESTS)[number]) => ({
  request: {
    tier: "sandbox",
    ttlHours,
    goldenPath: path,
    goldenPathVersion: "1.0.0",
    driver: "local",
    memoryMiB: 256,
    name,
    entityRef: "",
    ref: "",
    isDefaultBranch: false,
    values: {},
  },
  team: { name: team, sandboxes: 2, environments: 3, memoryMiB: 1_280 },
  actor: { role: "engineer", isOwner: actor === "olga", isMember: true, isPlatformAdmin: false },
  channel,
});

function resultOf(name: string, definition: GuardrailDefinition, fails: boolean): GuardrailResultRecord {
  const { title, effect, message, fix, field = null, docs = null } = definition;
  if (effect === "off") throw new Error(`${name} is off`);
  return { name, title, revision: 1, effect, verdict: fails ? "refuses" : "passes", undecided: null, message, fix, field, docs, exception: null };
}
