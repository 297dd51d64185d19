import { db, type Tx } from "@/db/client";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { mutation } from "@/lib/core/operation";
import { askRemote, requireGuardrails, tieDecision } from "@/lib/guardrails/mutations";
import type { Repository } from "@/lib/repositories/contract";
import { reserveRepository } from "@/lib/repositories/mutations";
import { startRun } from "@/lib/runs/enqueue";
import { readRun } from "@/lib/runs/read";
import { CreateServiceInput, type Service } from "./contract";
import { earlyFacts, serviceFacts } from "./guarded";
import { type OwningTeam, owningSubject } from "./owning-team";
import { keepSecrets } from "./run-secrets";
import { splitSecrets } from "./secret-answers";
import { planService, runDeadlineMs, type ServicePlan, serviceSteps } from "./service-plan";

export const createService = mutation({
  name: "service.create",
  summary: "Make a service from a golden path: repository with first commit, registered in the catalog. Answers at once with the run that makes it.",
  input: CreateServiceInput,
  subject: owningSubject,
  prepare: (input, ctx, { team }) => askRemote(ctx, "service.create", team.id, () => earlyFacts(db(), input, team, ctx)),
  run: async (tx, input, ctx, { team }, remote) => {
    const { actor } = ctx;
    if (actor.type !== "user") throw new DomainError("forbidden", "Only people create services.");
    const plan = await planService(tx, input, team, ctx);
    const { open, secret } = splitSecrets(plan.goldenPath.definition, plan.values);
    const letThrough = await requireGuardrails(tx, ctx, { ability: "service.create", teamId: team.id, request: serviceFacts(plan, open) }, remote);
    const runId = newId("run");
    const repository = await reserve(tx, plan, { runId, sealed: null, createdBy: actor.id, ctx });
    await startRun(tx, {
      id: runId,
      kind: "service.create",
      title: `Create service ${repository.name}`,
      input: { repositoryId: repository.id, goldenPath: plan.goldenPath.name, version: plan.goldenPath.version, values: open, team: team.name, entityRef: plan.entityRef },
      plan: serviceSteps(plan.destination.provider, plan.goldenPath.definition, plan.registry),
      deadlineMs: runDeadlineMs(plan.goldenPath.definition, plan.registry),
      requestedBy: actor.id,
      teamId: team.id,
      entityRef: plan.entityRef,
      exclusiveKey: repository.id,
      now: ctx.now,
    });
    const [run] = await Promise.all([
      readRun(tx, runId),
      keepSecrets(tx, runId, { answers: secret, secrets: input.secrets }, ctx.now),
      tieDecision(tx, letThrough, { subjectId: runId, runId }),
    ]);
    return { service: presentService(repository, plan, team), run, warnings: letThrough.warnings };
  },
  audit: (_input, { service, run }) => ({
    target: { type: "service", id: service.entityRef, label: service.name },
    detail: { goldenPath: `${service.goldenPath.name}@${service.goldenPath.version}`, repository: `${service.repository.owner}/${service.repository.name}`, run: run.id },
  }),
});

function reserve(tx: Tx, plan: ServicePlan, by: { runId: string; sealed: string | null; createdBy: string; ctx: Ctx }): Promise<Repository> {
  const { description } = plan.values;
  return reserveRepository(tx, {
    ...plan.destination,
    description: typeof description === "string" ? description.slice(0, 500) : "",
    defaultBranch: "main",
    teamId: plan.team.id,
    goldenPath: { name: plan.goldenPath.name, version: plan.goldenPath.version },
    madeByRun: by.runId,
    answersSealed: by.sealed,
    createdBy: by.createdBy,
    now: by.ctx.now,
  });
}

function presentService(repository: Repository, { goldenPath, entityRef }: ServicePlan, team: OwningTeam): Service {
  const { id, provider, owner, name, cloneUrl } = repository;
  return {
    name,
    entityRef,
    goldenPath: { name: goldenPath.name, version: goldenPath.version },
    team: team.ref,
    repository: { id, provider, owner, name, cloneUrl: cloneUrl || null, page: `/repositories/${owner}/${name}` },
  };
}
