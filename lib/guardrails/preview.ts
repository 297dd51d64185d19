import { and, desc, eq, inArray } from "drizzle-orm";
import type { z } from "zod";
import type { Connection } from "@/db/client";
import { guardrailDecisions, teams } from "@/db/schema";
import type { Outcome as Answer } from "@/lib/core/cel/cel";
import { draftEvaluator } from "./conditions";
import type { Ability, GuardrailPreview, PreviewCounts, PreviewGuardrailInput, PreviewRow } from "./contract";
import { undecidedWords } from "./decide";
import { tryExamples } from "./examples";
import { type RunningEnvironment, runningEnvironments } from "./running";

const PAST = 500;
const SHOWN = 50;

type Draft = z.output<typeof PreviewGuardrailInput>;

/** What is wrong with a condition for one of the abilities that it is to watch, or null. */
export async function conditionProblem(condition: string, abilities: Ability[]): Promise<GuardrailPreview["problem"]> {
  for (const ability of abilities) {
    const [checked] = await draftEvaluator(ability).check([condition]);
    if (checked?.problem) return { ability, ...checked.problem };
  }
  return null;
}

/** What a draft would say of its examples, of requests of the past, and of what runs now. Nothing is stored, nothing is touched. */
export async function previewGuardrail(on: Connection, draft: Draft): Promise<GuardrailPreview> {
  const { condition, abilities, examples } = draft;
  const unread = examples.map(() => ({ outcome: "undecided" as const, reason: null }));
  if (abilities.length === 0) return { problem: null, examples: unread, past: null, running: null, tried: null };
  const problem = await conditionProblem(condition, abilities);
  if (problem) return { problem, examples: unread, past: null, running: null, tried: null };
  const tried = draft.try ? ((await tryExamples(condition, abilities, [draft.try]))[0] ?? null) : null;
  return {
    problem: null,
    examples: await tryExamples(condition, abilities, examples),
    past: await ofPast(on, draft),
    running: abilities.includes("environment.create") ? await ofRunning(on, draft) : null,
    tried,
  };
}

const appliesTo = ({ teams: refs }: Pick<Draft, "teams">, ref: string | null) => refs.length === 0 || (ref !== null && refs.includes(ref));

async function ofPast(on: Connection, draft: Draft): Promise<PreviewCounts> {
  const rows = await on
    .select({ row: guardrailDecisions, team: teams.ref })
    .from(guardrailDecisions)
    .leftJoin(teams, eq(teams.id, guardrailDecisions.teamId))
    .where(and(eq(guardrailDecisions.stage, "submit"), inArray(guardrailDecisions.ability, draft.abilities)))
    .orderBy(desc(guardrailDecisions.at), desc(guardrailDecisions.id))
    .limit(PAST);
  const concerned = rows.filter(({ team }) => appliesTo(draft, team));
  const answers = new Map<string, Answer | undefined>();
  for (const ability of draft.abilities) {
    const own = concerned.filter(({ row }) => row.ability === ability);
    const given = await answersTo(
      draft,
      ability,
      own.map(({ row }) => row.document),
    );
    own.forEach(({ row }, at) => {
      answers.set(row.id, given[at]);
    });
  }
  return countsOf(
    concerned.map(({ row, team }) => ({
      answer: answers.get(row.id),
      row: {
        id: row.id,
        title: titleOf(row.ability, row.document),
        detail: `${row.actorLabel}, ${team?.split("/").at(-1) ?? "a team that is gone"}`,
        at: row.at.toISOString(),
        was: row.outcome,
      },
    })),
  );
}

async function ofRunning(on: Connection, draft: Draft): Promise<PreviewCounts> {
  const concerned = (await runningEnvironments(on)).filter(({ team }) => appliesTo(draft, team.ref));
  return countRunning(draft.condition, concerned);
}

/** How a condition stands to what runs now. */
export async function countRunning(condition: string, concerned: RunningEnvironment[]): Promise<PreviewCounts> {
  const answers = await answersTo(
    { condition },
    "environment.create",
    concerned.map(({ document }) => document as unknown as Record<string, unknown>),
  );
  return countsOf(
    concerned.map(({ id, name, tier, team, createdAt }, at) => ({
      answer: answers[at],
      row: { id, title: name, detail: `${tier}, ${team.name}`, at: createdAt.toISOString(), was: null },
    })),
  );
}

async function answersTo({ condition }: Pick<Draft, "condition">, ability: Ability, documents: Record<string, unknown>[]): Promise<(Answer | undefined)[]> {
  return documents.length ? ((await draftEvaluator(ability).evaluate([condition], documents))[0] ?? []) : [];
}

function countsOf(all: { answer: Answer | undefined; row: Omit<PreviewRow, "verdict" | "reason"> }[]): PreviewCounts {
  const rows = all.flatMap(({ answer, row }): PreviewRow[] =>
    answer === true ? [] : [{ ...row, verdict: answer === false ? "fails" : "undecided", reason: answer === false ? null : undecidedWords(answer) }],
  );
  const fails = rows.filter(({ verdict }) => verdict === "fails").length;
  return { considered: all.length, fails, undecided: rows.length - fails, rows: rows.slice(0, SHOWN) };
}

/** A request in a few words: `sandbox from node-express, 48 h`. */
function titleOf(ability: string, document: Record<string, unknown>): string {
  const request = (document.request ?? {}) as Record<string, unknown>;
  const said = (name: string) => (typeof request[name] === "string" || typeof request[name] === "number" ? String(request[name]) : "");
  switch (ability) {
    case "environment.create":
      return [said("name") || said("tier"), said("ttlHours") && `${said("ttlHours")} h`].filter(Boolean).join(", ");
    case "environment.extend":
      return `${said("name")}, ${said("ttlHours")} h`;
    case "environment.deploy":
      return `${said("kind")} of ${said("ref")} to ${said("name")}`;
    case "service.create":
      return `${said("name")} from ${said("goldenPath")}`;
    case "golden-path.run":
      return `${said("goldenPath")} ${said("goldenPathVersion")}`;
    default:
      return [said("action"), said("environment") || said("entityRef")].filter(Boolean).join(" on ");
  }
}
