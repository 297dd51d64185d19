import { z } from "zod";
import { DomainError } from "@/lib/core/errors";
import { query } from "@/lib/core/operation";
import type { Document, OpaCheck, OpaIntegration } from "../contract";
import { askOpa } from "./ask";
import { loadOpa } from "./connection";

export const readOpaIntegration = query({
  name: "integration.read",
  summary: "Which Open Policy Agent is asked beside the guardrails, about what; never its token.",
  input: z.strictObject({}),
  subject: () => null,
  run: async (on): Promise<OpaIntegration> => {
    const opa = await loadOpa(on);
    return {
      isConnected: opa !== null,
      url: opa?.url ?? "",
      path: opa?.path ?? "waymark/guardrails",
      abilities: opa?.abilities ?? [],
      failMode: opa?.failMode ?? "refuse",
      hasToken: Boolean(opa?.token),
      updatedAt: opa?.updatedAt.toISOString() ?? null,
    };
  },
});

/** A request that every policy has to have an answer for. */
const EXAMPLE: Document = {
  request: {
    tier: "sandbox",
    ttlHours: 4,
    goldenPath: "node-express",
    goldenPathVersion: "1.0.0",
    driver: "local",
    memoryMiB: 256,
    name: "connection-test",
    entityRef: "",
    values: {},
  },
  team: { name: "connection-test", sandboxes: 0, environments: 0, memoryMiB: 0 },
  actor: { role: "platform-admin", isOwner: false, isMember: false, isPlatformAdmin: true },
  channel: "web",
  now: { hour: 12, minute: 0, weekday: "monday", date: "2026-01-05" },
};

export const testOpa = query({
  name: "integration.edit",
  summary: "Ask the policy agent about an example request and tell what it answers. Nothing comes of it.",
  input: z.strictObject({}),
  subject: () => null,
  run: async (on): Promise<OpaCheck> => {
    const opa = await loadOpa(on);
    if (!opa) throw new DomainError("conflict", "No policy agent is connected. Connect it first.");
    const [ability = "environment.create"] = opa.abilities;
    const begun = performance.now();
    const { refuses, warns, undecided, decisionId } = await askOpa(opa, ability, EXAMPLE);
    const verdict = undecided ? ("undecided" as const) : refuses.length ? ("refuses" as const) : warns.length ? ("warns" as const) : ("allows" as const);
    return { ability, verdict, words: undecided ?? [...refuses, ...warns].join(" "), decisionId, tookMs: Math.round(performance.now() - begun) };
  },
});
