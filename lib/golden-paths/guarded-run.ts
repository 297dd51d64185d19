import type { z } from "zod";
import type { Connection } from "@/db/client";
import { isDomainError } from "@/lib/core/errors";
import { query } from "@/lib/core/operation";
import type { GuardrailReport, RequestFacts } from "@/lib/guardrails/contract";
import { askEarly } from "@/lib/guardrails/queries";
import { RunPathInput } from "./contract";
import { loadGoldenPathVersion } from "./load-version";
import { type OwningTeam, owningSubject } from "./owning-team";

type Facts = RequestFacts<"golden-path.run">;

/** What guardrails see of a golden path that is to be run; `values` without secrets. */
export const runFacts = ({ name, version }: { name: string; version: string }, values: Record<string, unknown>): Facts => ({
  goldenPath: name,
  goldenPathVersion: version,
  values,
});

export const checkRunGoldenPath = query({
  name: "golden-path.run",
  summary: "What guardrails would say of a run of a golden path. Takes what running it takes, whole or not; nothing is run and nothing is kept.",
  input: RunPathInput,
  subject: owningSubject,
  run: async (on, input, ctx, { team }): Promise<GuardrailReport> => askEarly(on, ctx, { ability: "golden-path.run", teamId: team.id, request: await askedRun(on, input, team) }),
});

/** The facts as far as the answers go. */
export async function askedRun(on: Connection, { name, version, values }: z.output<typeof RunPathInput>, team: OwningTeam): Promise<Facts> {
  const goldenPath = await loadGoldenPathVersion(on, name, version);
  // Answers that are wrong or still missing are told by the form itself.
  const answers = await goldenPath.validateValues(values, { owner: team.ref }).catch((error: unknown) => {
    if (isDomainError(error)) return values;
    throw error;
  });
  return runFacts(goldenPath, goldenPath.splitSecrets(answers).open);
}
