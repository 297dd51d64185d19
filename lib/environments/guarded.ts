import { z } from "zod";
import type { Connection } from "@/db/client";
import { DomainError, isDomainError } from "@/lib/core/errors";
import { query } from "@/lib/core/operation";
import { loadGoldenPathVersion } from "@/lib/golden-paths/queries";
import type { GuardrailReport, RequestFacts } from "@/lib/guardrails/contract";
import { askEarly } from "@/lib/guardrails/queries";
import { loadSettings } from "@/lib/platform/queries";
import type { Repository } from "@/lib/repositories/contract";
import { findRepository } from "@/lib/repositories/queries";
import { chooseDeployment } from "./choose-deployment";
import { CreateEnvironmentInput, DeployInput, ExtendEnvironmentInput } from "./contract";
import { chooseCommit, refuseMixture } from "./create-environment";
import { driverNamed } from "./drivers";
import { deploymentFacts, extensionFacts, sandboxFacts, serviceEnvironmentFacts } from "./guarded-facts";
import { DEFAULT_MEMORY_MIB } from "./limits";
import { serviceRepository } from "./service-environment";
import { chooseTeam, livingEnvironment } from "./subject";
import { ttlMinutes } from "./ttl";

// What guardrails would say of a request before it is sent. Each takes what the ability itself takes; what is wrong with that is the
// form's to tell, and is a fact that cannot be told yet.

const EarlyCreateInput = CreateEnvironmentInput.extend({ name: z.string().max(200).optional() });

/** The minutes of a time to live that is still being typed; undefined while it is none. */
async function typedMinutes(on: Connection, ttl: string | undefined): Promise<number | undefined> {
  try {
    return ttlMinutes(ttl, await loadSettings(on));
  } catch (error) {
    if (isDomainError(error)) return undefined;
    throw error;
  }
}

export const checkCreateEnvironment = query({
  name: "environment.create",
  summary: "What guardrails would say of an environment before it is asked for. Takes what creating it takes, whole or not; nothing is made and nothing is kept.",
  input: EarlyCreateInput,
  subject: async (on, input, ctx) => {
    refuseMixture(input);
    const { team, repository } = input.entityRef ? await serviceRepository(on, input.entityRef) : { team: await chooseTeam(on, input.team, ctx), repository: null };
    return { teamId: team.id, repository };
  },
  run: async (on, input, ctx, { teamId, repository }): Promise<GuardrailReport> => {
    return askEarly(on, ctx, { ability: "environment.create", teamId, request: await requestedEnvironment(on, input, repository) });
  },
});

type Input = z.output<typeof EarlyCreateInput>;

/** What guardrails see of an environment that is asked for, as far as it can be told before it is. */
export const requestedEnvironment = (on: Connection, input: Input, repository: Repository | null): Promise<RequestFacts<"environment.create">> =>
  repository ? ofService(on, input, repository) : ofPath(on, input);

async function ofPath(on: Connection, input: Input): Promise<RequestFacts<"environment.create">> {
  const path = await loadGoldenPathVersion(on, input.goldenPath ?? "", input.version);
  const given = { ...input.values };
  const values = await path.validateValues(given, { name: input.name ?? "sandbox" }).catch((error: unknown) => {
    if (isDomainError(error)) return given;
    throw error;
  });
  return sandboxFacts({
    name: input.name,
    ttlMinutes: await typedMinutes(on, input.ttl),
    driver: driverNamed(input.driver ?? "local").name,
    memoryMiB: path.memoryMiB,
    values: path.openAnswers(values),
    goldenPath: path.name,
    goldenPathVersion: path.version,
  });
}

async function ofService(on: Connection, input: Input, repository: Repository): Promise<RequestFacts<"environment.create">> {
  const tier = input.tier ?? "sandbox";
  return serviceEnvironmentFacts({
    name: input.name,
    tier,
    ttlMinutes: tier === "sandbox" ? await typedMinutes(on, input.ttl) : null,
    driver: driverNamed(input.driver ?? "local").name,
    memoryMiB: DEFAULT_MEMORY_MIB,
    repository,
    entityRef: input.entityRef ?? "",
    ref: input.ref ?? repository.defaultBranch,
  });
}

export const checkExtendEnvironment = query({
  name: "environment.extend",
  summary: "What guardrails would say of a new time to live. Nothing is changed and nothing is kept.",
  input: ExtendEnvironmentInput,
  subject: (on, input, ctx) => livingEnvironment(on, input.id, ctx),
  run: async (on, { ttl }, ctx, { teamId, row }): Promise<GuardrailReport> =>
    askEarly(on, ctx, { ability: "environment.extend", teamId, request: extensionFacts(row, await typedMinutes(on, ttl), ctx.now) }),
});

export const checkDeployToEnvironment = query({
  name: "environment.deploy",
  summary: "What guardrails would say of a deployment, a promotion or a roll-back. Nothing is started and nothing is kept.",
  input: DeployInput,
  subject: (on, input, ctx) => livingEnvironment(on, input.id, ctx),
  run: async (on, input, ctx, { teamId, row }): Promise<GuardrailReport> => {
    const repository = row.repositoryId ? await findRepository(on, { id: row.repositoryId }) : null;
    if (!repository) throw new DomainError("conflict", `${row.name} has no repository, so there is no commit to deploy.`);
    const what = await chooseDeployment(on, input, row, input.ref ? await chooseCommit(repository, input.ref) : null);
    return askEarly(on, ctx, { ability: "environment.deploy", teamId, request: await deploymentFacts(on, row, what, { repository }) });
  },
});
