import "server-only";
import { z } from "zod";
import { DomainError } from "@/lib/core/errors";
import { authorize, query } from "@/lib/core/operation";
import { runSubject } from "@/lib/runs/queries";
import {
  DecisionKey,
  DecisionListInput,
  type Guardrail,
  type GuardrailDecision,
  type GuardrailException,
  type GuardrailForEdit,
  GuardrailKey,
  GuardrailListInput,
  type GuardrailPreview,
  PreviewGuardrailInput,
} from "./contract";
import { decisionsOfRun, findDecision, readDecisions } from "./decisions";
import { countRunning, previewGuardrail as preview } from "./preview";
import { loadGuardrail, readGuardrails, readRevisions } from "./read";
import { storedDefinition } from "./rules";
import { runningEnvironments } from "./running";

export { readOpaIntegration, testOpa } from "./opa/queries";
export { askEarly } from "./require";

export const listGuardrails = query({
  name: "guardrail.read",
  summary:
    "What the platform minds: guardrails with why they are there, how to keep within them, and which teams are let through until when. Those that are off with `scope=all`, for platform admins.",
  input: GuardrailListInput,
  subject: () => null,
  run: async (on, { scope }, ctx): Promise<{ items: Guardrail[]; nextCursor: null; total: number }> => {
    if (scope === "all") authorize(ctx, "guardrail.edit", null);
    const items = await readGuardrails(on, ctx.now, { isOff: scope === "all" });
    return { items, nextCursor: null, total: items.length };
  },
});

export const getGuardrail = query({
  name: "guardrail.read",
  summary: "One guardrail, also one that is off.",
  input: GuardrailKey,
  subject: () => null,
  run: async (on, { name }, ctx): Promise<Guardrail> => {
    const { name: found } = await loadGuardrail(on, name);
    const [one] = await readGuardrails(on, ctx.now, { isOff: true, name: found });
    if (!one) throw new DomainError("not_found", `There is no guardrail "${name}".`);
    return one;
  },
});

export const getGuardrailForEdit = query({
  name: "guardrail.edit",
  summary: "A guardrail as its editors see it, with its earlier revisions.",
  input: GuardrailKey,
  subject: () => null,
  run: async (on, { name }, ctx): Promise<GuardrailForEdit> => {
    const row = await loadGuardrail(on, name);
    const [one] = await readGuardrails(on, ctx.now, { isOff: true, name: row.name });
    return {
      name: row.name,
      definition: storedDefinition(row.definition),
      revision: row.revision,
      updatedAt: row.updatedAt.toISOString(),
      revisions: await readRevisions(on, row.id),
      exceptions: one?.exceptions ?? [],
    };
  },
});

export const listExceptions = query({
  name: "guardrail.read",
  summary: "Teams that a guardrail lets through now, those whose day comes first first.",
  input: GuardrailKey,
  subject: () => null,
  run: async (on, { name }, ctx): Promise<{ items: GuardrailException[]; nextCursor: null; total: number }> => {
    const { name: found } = await loadGuardrail(on, name);
    const items = (await readGuardrails(on, ctx.now, { isOff: true, name: found }))[0]?.exceptions ?? [];
    return { items, nextCursor: null, total: items.length };
  },
});

export const previewGuardrail = query({
  name: "guardrail.edit",
  summary: "What a draft would say of its examples, of the last 500 requests, and of what runs now. Nothing is stored and nothing is touched.",
  input: PreviewGuardrailInput,
  subject: () => null,
  run: (on, draft): Promise<GuardrailPreview> => preview(on, draft),
});

export const countWhatRuns = query({
  name: "guardrail.edit",
  summary: "How many environments that run now each guardrail would not let through today. They are never touched.",
  input: z.strictObject({}),
  subject: () => null,
  run: async (on, _input, ctx): Promise<Record<string, { considered: number; fails: number }>> => {
    const [all, running] = await Promise.all([readGuardrails(on, ctx.now, { isOff: true }), runningEnvironments(on)]);
    const watching = all.filter(({ definition }) => definition.abilities.includes("environment.create"));
    const counted = await Promise.all(
      watching.map(async ({ name, definition, exceptions }) => {
        const concerned = running.filter(
          ({ team }) => (definition.teams.length === 0 || definition.teams.includes(team.ref)) && !exceptions.some((exception) => exception.team.ref === team.ref),
        );
        const { considered, fails } = await countRunning(definition.condition, concerned);
        return [name, { considered, fails }] as const;
      }),
    );
    return Object.fromEntries(counted);
  },
});

export const listDecisions = query({
  name: "guardrail.read",
  summary: "Requests of your own teams that guardrails were asked about, with what they saw and said, the newest first; platform admins see all. Kept for 90 days.",
  input: DecisionListInput,
  subject: () => null,
  run: (on, input, ctx) => readDecisions(on, ctx.actor, input),
});

export const getDecision = query({
  name: "guardrail.read-decision",
  summary: "One request with its facts, and what each guardrail said of it.",
  input: DecisionKey,
  subject: async (on, { id }) => {
    const found = await findDecision(on, id);
    if (!found) throw new DomainError("not_found", "There is no such decision. They are kept for 90 days.");
    return { teamId: found.teamId, decision: found.decision };
  },
  run: async (_on, _input, _ctx, { decision }): Promise<GuardrailDecision> => decision,
});

export const listRunDecisions = query({
  name: "run.read",
  summary: "What guardrails said of a run: when it was asked for, and again before it began.",
  input: z.strictObject({ id: z.string().max(64) }),
  subject: (on, { id }) => runSubject(on, id),
  run: async (on, { id }): Promise<{ items: GuardrailDecision[]; nextCursor: null; total: number }> => {
    const items = await decisionsOfRun(on, id);
    return { items, nextCursor: null, total: items.length };
  },
});
