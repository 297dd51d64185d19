import { db } from "@/db/client";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { mutation } from "@/lib/core/operation";
import { askRemote, requireGuardrails, tieDecision } from "@/lib/guardrails/mutations";
import { startRun } from "@/lib/runs/enqueue";
import { readRun } from "@/lib/runs/read";
import { RunPathInput } from "./contract";
import { checkActions } from "./engine/check-actions";
import { askedRun, runFacts } from "./guarded-run";
import { loadGoldenPathVersion } from "./load-version";
import { owningSubject } from "./owning-team";
import { keepSecrets } from "./run-secrets";
import { splitSecrets } from "./secret-answers";
import { makesService, pathSteps, runDeadlineMs } from "./service-plan";
import { loadStepRegistry } from "./step-actions/registry";

export const runGoldenPath = mutation({
  name: "golden-path.run",
  summary: "Run a golden path that changes something that is there, such as opening a pull request. Answers at once with the run.",
  input: RunPathInput,
  subject: owningSubject,
  prepare: (input, ctx, { team }) => askRemote(ctx, "golden-path.run", team.id, () => askedRun(db(), input, team)),
  run: async (tx, input, ctx, { team }, remote) => {
    const { actor } = ctx;
    if (actor.type !== "user") throw new DomainError("forbidden", "Only people run golden paths.");
    const goldenPath = await loadGoldenPathVersion(tx, input.name, input.version);
    const registry = await loadStepRegistry(tx);
    if (makesService(goldenPath.definition, registry)) throw new DomainError("invalid", `${input.name} makes a service. Create one at /services instead.`);
    checkActions(goldenPath.definition, registry, "all");
    const values = await goldenPath.validateValues(input.values, { owner: team.ref });
    const { open, secret } = splitSecrets(goldenPath.definition, values);
    const letThrough = await requireGuardrails(tx, ctx, { ability: "golden-path.run", teamId: team.id, request: runFacts(goldenPath, open) }, remote);
    const runId = newId("run");
    await startRun(tx, {
      id: runId,
      kind: "golden-path.run",
      title: goldenPath.definition.metadata.title ?? input.name,
      input: { goldenPath: goldenPath.name, version: goldenPath.version, values: open },
      plan: pathSteps(goldenPath.definition, registry),
      deadlineMs: runDeadlineMs(goldenPath.definition, registry),
      requestedBy: actor.id,
      teamId: team.id,
      now: ctx.now,
    });
    await keepSecrets(tx, runId, { answers: secret, secrets: input.secrets }, ctx.now);
    await tieDecision(tx, letThrough, { subjectId: runId, runId });
    return { run: await readRun(tx, runId), goldenPath: { name: goldenPath.name, version: goldenPath.version }, warnings: letThrough.warnings };
  },
  audit: (_input, { run, goldenPath }) => ({
    target: { type: "golden-path", id: goldenPath.name, label: goldenPath.name },
    detail: { version: goldenPath.version, run: run.id },
  }),
});
