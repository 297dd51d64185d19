import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { runs } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { guardEffect } from "@/lib/guardrails/mutations";
import type { EngineRun, RunKind } from "@/lib/runs/engine/types";
import { type Materialized, materialize } from "./engine/materialize";
import { removeFolder } from "./engine/remove-folder";
import { renderer } from "./engine/renderer";
import { loadGoldenPathVersion } from "./load-version";
import { foreseen, linksOf, onceIn, personOf } from "./path-run";
import { keepOutput, readSecrets } from "./run-secrets";
import { pathSteps, RENDER, SERVICE_DEADLINE_MS } from "./service-plan";
import { loadStepRegistry } from "./step-actions/registry";

export interface PathRunInput extends Record<string, unknown> {
  goldenPath: string;
  version: string;
  values: Record<string, unknown>;
}

/**
 * A golden path that makes no repository of its own: opens a pull request, starts a workflow, files an issue. After a crash the
 * files are rendered again; steps that reached outside give what they gave before.
 */
export const goldenPathRun: RunKind<PathRunInput> = {
  kind: "golden-path.run",
  deadlineMs: SERVICE_DEADLINE_MS,
  plan: () => [],
  async execute(run) {
    const { input } = run;
    await guardEffect(run, { ability: "golden-path.run", subjectId: run.runId, harmless: [RENDER.name] });
    const goldenPath = await loadGoldenPathVersion(db(), input.goldenPath, input.version);
    const { answers, secrets } = await readSecrets(db(), run.runId, run.mask);
    const [row] = await db().select({ createdAt: runs.createdAt }).from(runs).where(eq(runs.id, run.runId));
    const refuse = () => {
      throw new DomainError("invalid", "This golden path makes no repository of its own, so it can neither publish nor register one.");
    };
    const registry = await loadStepRegistry(db());
    const folder = await mkdtemp(path.join(tmpdir(), "waymark-path-"));
    const render = async () =>
      foreseen(
        materialize({
          files: goldenPath.files(),
          definition: goldenPath.definition,
          values: { ...input.values, ...answers },
          secrets,
          targetDir: await mkdtemp(path.join(folder, "files-")),
          context: { runId: run.runId, templateRef: `template:default/${input.goldenPath}`, user: await personOf(run.requestedBy) },
          scope: "all",
          registry,
          outside: { publish: refuse, register: refuse, once: onceIn(run, row?.createdAt ?? run.now) },
          renderer: renderer(),
          signal: run.signal,
          log: (text, level) => run.log(text, level),
        }),
      );
    try {
      const isPlain = pathSteps(goldenPath.definition, registry).includes(RENDER);
      const { output } = isPlain ? await rendered(run, render) : await render();
      await run.commit((tx) => keepOutput(tx, run.runId, output));
      return { summary: `${goldenPath.definition.metadata.title ?? input.goldenPath} is done`, evidence: linksOf(output, run.runId) };
    } finally {
      await removeFolder(folder);
    }
  },
};

/** Files that nobody outside hears of: written in one step, and again where the run died after it. */
async function rendered(run: EngineRun<PathRunInput>, render: () => Promise<Materialized>): Promise<Materialized> {
  let made: Materialized | null = null;
  await run.step(RENDER.name, async (step) => {
    made = await render();
    step.log(`${made.files.length} files.`);
    return null;
  });
  return made ?? render();
}
