import { env } from "@/lib/core/env";
import { query } from "@/lib/core/operation";
import { DryRunServiceInput, type ServiceDryRun } from "./contract";
import { stepId } from "./definition";
import { dryRunFiles } from "./dry-run";
import { checkActions, reachesOutside } from "./engine/check-actions";
import { loadGoldenPathVersion } from "./load-version";
import { owningTeam } from "./owning-team";
import { PROVENANCE_FILE, provenanceText } from "./provenance";
import { splitSecrets } from "./secret-answers";
import { makesService, planService, requester } from "./service-plan";
import { loadStepRegistry } from "./step-actions/registry";

export const dryRunService = query({
  name: "golden-path.read",
  summary: "What a service from this golden path would be: all files, its repository and its place in the catalog. Nothing is made.",
  input: DryRunServiceInput,
  subject: () => null,
  run: async (on, { name, ...input }, ctx): Promise<ServiceDryRun> => {
    const team = await owningTeam(on, { team: input.team, owner: input.values.owner }, ctx);
    const loaded = await loadGoldenPathVersion(on, name, input.version);
    const registry = await loadStepRegistry(on);
    const steps = loaded.definition.spec.steps.map((step, index) => ({
      name: step.name ?? stepId(step, index),
      action: step.action,
      isOutside: reachesOutside(step.action, registry),
    }));
    const path = { name: loaded.name, version: loaded.version };
    checkActions(loaded.definition, registry, "all");
    if (!makesService(loaded.definition, registry)) {
      const values = await loaded.validateValues(input.values, { owner: team.ref });
      const { files, log, durationMs, calls } = await dryRunFiles(loaded.files(), values, ctx);
      return { files, log, durationMs, calls, made: null, team: team.ref, goldenPath: path, steps };
    }
    const { goldenPath, values, destination, entityRef } = await planService(on, { goldenPath: name, ...input }, team, ctx);
    const { files, log, durationMs, calls } = await dryRunFiles(goldenPath.files(), values, ctx);
    const provenance = provenanceText({
      goldenPath: path,
      answers: splitSecrets(goldenPath.definition, values).open,
      createdBy: requester(ctx).ref,
      createdAt: ctx.now.toISOString(),
    });
    const all = [...files, { path: PROVENANCE_FILE, bytes: Buffer.byteLength(provenance), isExecutable: false, text: provenance }];
    const { provider, owner, name: repository } = destination;
    return {
      files: all.sort((a, b) => (a.path < b.path ? -1 : 1)),
      log,
      durationMs,
      made: {
        provider,
        repository: `${owner}/${repository}`,
        cloneUrl: provider === "waymark" ? `${env().url}/git/${owner}/${repository}.git` : null,
        entityRef,
      },
      team: team.ref,
      goldenPath: path,
      calls,
      steps,
    };
  },
});
