import type { Connection } from "@/db/client";
import type { Ctx } from "@/lib/core/ctx";
import { isDomainError } from "@/lib/core/errors";
import { query } from "@/lib/core/operation";
import type { GuardrailReport, RequestFacts } from "@/lib/guardrails/contract";
import { askEarly } from "@/lib/guardrails/queries";
import { CreateServiceInput } from "./contract";
import { loadGoldenPathVersion } from "./load-version";
import { type OwningTeam, owningSubject } from "./owning-team";
import { planService, type ServicePlan } from "./service-plan";

type Facts = RequestFacts<"service.create">;

/** What guardrails see of a service that is asked for; `values` without secrets. */
export const serviceFacts = ({ goldenPath, destination }: Pick<ServicePlan, "goldenPath" | "destination">, values: Record<string, unknown>): Facts => ({
  goldenPath: goldenPath.name,
  goldenPathVersion: goldenPath.version,
  name: destination.name,
  provider: destination.provider,
  values,
});

export const checkCreateService = query({
  name: "service.create",
  summary: "What guardrails would say of a service before it is asked for. Takes what creating it takes, whole or not; nothing is made and nothing is kept.",
  input: CreateServiceInput,
  subject: owningSubject,
  run: async (on, input, ctx, { team }): Promise<GuardrailReport> =>
    askEarly(on, ctx, { ability: "service.create", teamId: team.id, request: await earlyFacts(on, input, team, ctx) }),
});

/** The facts as far as the answers go. */
export async function earlyFacts(on: Connection, input: Parameters<typeof planService>[1], team: OwningTeam, ctx: Ctx): Promise<Facts> {
  try {
    const plan = await planService(on, input, team, ctx);
    return serviceFacts(plan, plan.goldenPath.splitSecrets(plan.values).open);
  } catch (error) {
    // Answers that are wrong or still missing are told by the form itself.
    if (!isDomainError(error)) throw error;
  }
  const goldenPath = await loadGoldenPathVersion(on, input.goldenPath, input.version);
  const { name } = input.values;
  return {
    goldenPath: goldenPath.name,
    goldenPathVersion: goldenPath.version,
    name: typeof name === "string" && name !== "" ? name : undefined,
    provider: input.provider,
    values: goldenPath.splitSecrets(input.values).open,
  };
}
