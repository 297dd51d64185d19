import "server-only";
import { and, asc, eq } from "drizzle-orm";
import { z } from "zod";
import type { Connection } from "@/db/client";
import { goldenPaths, goldenPathVersions } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { query } from "@/lib/core/operation";
import { repositoryHosts } from "@/lib/platform/queries";
import { unpackFiles } from "./archive";
import { type GoldenPath, GoldenPathListInput, GoldenPathName } from "./contract";
import { pagesOf, readDefinition, summarize } from "./definition";
import { missingActions } from "./engine/check-actions";
import { inputRemarks } from "./engine/input-remarks";
import { publishesTo } from "./engine/publishing";
import type { StepRegistry } from "./engine/step-action";
import { databaseOf, manifestMemoryMiB } from "./sandbox-manifest";
import { secretQuestions } from "./secret-answers";
import { makesService } from "./service-plan";
import { loadStepRegistry } from "./step-actions/registry";
import { type UsualTimes, usualEnvironmentTimes, usualServiceTimes } from "./usual-times";

type VersionRow = typeof goldenPathVersions.$inferSelect;

const usualTimes = async (on: Connection) => {
  const [environments, services] = await Promise.all([usualEnvironmentTimes(on), usualServiceTimes(on)]);
  return { environments, services };
};

function present(row: VersionRow, usual: { environments: UsualTimes; services: UsualTimes }, registry: StepRegistry): GoldenPath {
  const definition = readDefinition(row.definition);
  const files = unpackFiles(row.archive);
  const { title, description, ownerRef, tags, concepts } = summarize(definition);
  return {
    name: row.name,
    title,
    description,
    version: row.version,
    owner: ownerRef,
    tags,
    concepts,
    memoryMiB: manifestMemoryMiB(files),
    database: databaseOf(files),
    usual: usual.environments.get(row.name) ?? null,
    usualService: usual.services.get(row.name) ?? null,
    parameters: pagesOf(definition),
    makes: makesService(definition, registry) ? "service" : "change",
    secretQuestions: secretQuestions(definition),
    missingActions: missingActions(definition, registry),
    inputRemarks: inputRemarks(definition, registry),
    publishesTo: [...new Set(definition.spec.steps.flatMap(({ action }) => publishesTo(action) ?? []))],
  };
}

/** Backstage's own tag for templates that come first. */
const isRecommended = ({ tags }: GoldenPath) => tags.includes("recommended");

const currentVersions = (on: Connection) =>
  on
    .select({ version: goldenPathVersions, isInternal: goldenPaths.isInternal })
    .from(goldenPaths)
    .innerJoin(goldenPathVersions, and(eq(goldenPathVersions.name, goldenPaths.name), eq(goldenPathVersions.version, goldenPaths.currentVersion)));

export const listGoldenPaths = query({
  name: "golden-path.read",
  summary: "The golden paths you can use, those with the tag recommended first, with their usual time.",
  input: GoldenPathListInput,
  subject: () => null,
  run: async (on, input) => {
    const rows = await currentVersions(on).where(eq(goldenPaths.isInternal, false)).orderBy(asc(goldenPaths.name));
    const [usual, registry] = await Promise.all([usualTimes(on), loadStepRegistry(on)]);
    const items = rows.map((row) => present(row.version, usual, registry)).sort((a, b) => Number(isRecommended(b)) - Number(isRecommended(a)));
    return { items: items.slice(0, input.limit), nextCursor: null, total: rows.length };
  },
});

export const getGoldenPath = query({
  name: "golden-path.read",
  summary: "One golden path in its current version.",
  input: GoldenPathName,
  subject: () => null,
  run: async (on, input): Promise<GoldenPath> => {
    const [row] = await currentVersions(on).where(eq(goldenPaths.name, input.name));
    if (!row) throw new DomainError("not_found", `There is no golden path "${input.name}".`);
    return present(row.version, await usualTimes(on), await loadStepRegistry(on));
  },
});

export const readServicePlaces = query({
  name: "golden-path.read",
  summary: "Where the repository of a new service can go.",
  input: z.strictObject({}),
  subject: () => null,
  run: async (on) => ({ hosts: await repositoryHosts(on) }),
});

export { dryRunDraft, testFiles } from "./dry-run";
export { checkDraft, checkFiles, compareDraft, compareVersions, getDraft, getDraftFile, getVersion, listAdminPaths, listVersions } from "./editor-queries";
export { checkCreateService } from "./guarded";
export { checkRunGoldenPath } from "./guarded-run";
export { loadGoldenPathVersion, loadTestedPath } from "./load-version";
export { checkProposal, compareProposal, dryRunProposal, getProposal, getProposalFile, listProposals, proposalScope } from "./proposals/queries";
export { readProposalScope, readProposalTeam } from "./proposals/store";
export { renderDefaults } from "./render-defaults";
export { dryRunTask } from "./scaffolder/dry-run";
export { listTasks, readTask } from "./scaffolder/tasks";
export { listStepActions, readParameterSchema } from "./scaffolder/templates";
export { checkSchemaLimits } from "./schema-limits";
export { dryRunService } from "./service-dry-run";
export { getDeclaredAction, listDeclaredActions } from "./step-actions/queries";
export { draftToTest, proposalToTest, sentToTest, type TestedFiles, testedPath } from "./test-runs/subject-files";
export { listPathServices, readServicePath } from "./upgrade/queries";
export { validateAnswers } from "./values";
