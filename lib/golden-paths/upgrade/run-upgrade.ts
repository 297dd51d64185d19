import { and, eq, inArray, isNull } from "drizzle-orm";
import { db } from "@/db/client";
import { pathEjections, repositories, teams, users } from "@/db/schema";
import { isDomainError } from "@/lib/core/errors";
import { typedAnswers } from "@/lib/core/text-answers";
import { type Proposal, proposeOnGithub, proposeOnHost, proposeUpgrade } from "@/lib/repositories/jobs";
import { noteMergedVersion } from "@/lib/repositories/mutations";
import { presentRepository } from "@/lib/repositories/queries";
import { readFileAt, repositoryDir, resolveCommit } from "@/lib/repositories/source";
import { type EngineRun, type RunKind, StepFailure } from "@/lib/runs/engine/types";
import { pagesOf } from "../definition";
import { loadGoldenPathVersion } from "../load-version";
import { knownNames, mergedSchema } from "../parameters";
import { PROVENANCE_FILE, readProvenance, type StoredProvenance } from "../provenance";
import { repositoryParameters } from "../repository-parameters";
import { withoutSecretDuties } from "../secret-answers";
import { validateValues } from "../values";
import { computeUpgrade, type Upgrade } from "./compute";
import { proposalText } from "./proposal-text";
import type { RenderInput } from "./render-tree";
import { pathVersions } from "./versions-behind";

// Nothing but git objects is made before the last step, and those are the same at every repetition: the same two versions on the
// same commit give the same commit, so a run that is killed anywhere, or asked for twice, proposes one thing once.

export const UPGRADE_DEADLINE_MS = 3 * 60_000;
/** One of many that nobody waits for may wait for GitHub's rate budget, which is renewed every hour. */
export const FLEET_DEADLINE_MS = 6 * 60 * 60_000;
export const UPGRADE_STEPS = [
  { name: "read", title: "Read where the service comes from" },
  { name: "merge", title: "Merge the new version" },
  { name: "propose", title: "Open the pull request" },
];

export interface UpgradeInput extends Record<string, unknown> {
  repositoryId: string;
  version: string;
  /** Answers to questions that the recorded ones leave open. */
  values: Record<string, unknown>;
  /** Ejections that the team takes back. */
  rejoins: string[];
  /** One of a fleet: leaves the reserve of GitHub's rate budget to people. */
  isBackground?: boolean;
}

export const upgradeBranch = (path: string) => `waymark/upgrade-${path}`;

export const upgradeRun: RunKind<UpgradeInput> = {
  kind: "service.upgrade",
  deadlineMs: UPGRADE_DEADLINE_MS,
  plan: () => UPGRADE_STEPS,
  async execute(run) {
    const start = await run.step("read", async (step) => {
      const read = await readStart(run);
      step.log(
        `${read.row.name} was made from ${read.provenance.goldenPath.name} ${read.provenance.goldenPath.version}; ${read.row.defaultBranch} is at ${read.head.slice(0, 7)}.`,
      );
      return { head: read.head, provenance: read.provenance };
    });
    const { row } = await repositoryOf(run);
    const path = start.provenance.goldenPath;
    // Pushes elsewhere are not seen here one by one: which version is merged there is noted when it is looked at.
    if (row.provider !== "waymark") await run.commit((tx) => noteMergedVersion(tx, row.id, path));
    const page = { title: "Repository", url: row.provider !== "waymark" ? row.webUrl : `/repositories/${row.owner}/${row.name}` };
    if (path.version === run.input.version && run.input.rejoins.length === 0) return { summary: `${row.name} is at ${path.name} ${path.version} already`, evidence: [page] };
    const upgrade = await run.step("merge", async (step) => {
      const made = await compute(run, row, start);
      step.log(`${made.changed.length} files change, ${made.conflicts.length} in conflict, ${made.kept.length} left alone.`);
      return made;
    });
    if (upgrade.isEmpty) return { summary: `${row.name} has everything of ${path.name} ${run.input.version} already`, evidence: [page] };
    const { number, url, isNew } = await run.step("propose", async (step) => {
      const proposed = await propose(run, row, start, upgrade);
      step.log(`Pull request ${proposed.number} ${proposed.isNew ? "opened" : "brought up to date"}.`);
      return proposed;
    });
    const state = upgrade.conflicts.length
      ? `a draft with ${upgrade.conflicts.length} ${upgrade.conflicts.length === 1 ? "conflict" : "conflicts"} to settle`
      : "ready to be merged";
    const pull = { title: `Pull request ${number}`, url };
    return { summary: `Pull request ${number} ${isNew ? "brings" : "now brings"} ${row.name} to ${path.name} ${run.input.version}: ${state}`, evidence: [pull] };
  },
};

type Row = typeof repositories.$inferSelect;
type Start = { head: string; provenance: StoredProvenance };

async function repositoryOf(run: EngineRun<UpgradeInput>): Promise<{ row: Row }> {
  const [row] = await db().select().from(repositories).where(eq(repositories.id, run.input.repositoryId));
  if (!row || row.status !== "ready") throw failure("gone", "The repository is gone or archived.", "Nothing can be upgraded there any more.");
  return { row };
}

const failure = (causeCode: string, cause: string, nextAction: string, whoCanFix: "you" | "platform-team" = "you") => new StepFailure({ causeCode, cause, whoCanFix, nextAction });

async function readStart(run: EngineRun<UpgradeInput>): Promise<Start & { row: Row }> {
  const { row } = await repositoryOf(run);
  const repository = presentRepository(row);
  const head = await resolveCommit(repository, row.defaultBranch).catch((error: unknown) => {
    if (isDomainError(error) && error.code === "invalid") return null;
    throw error;
  });
  if (!head) throw failure("no-branch", `The repository has no branch ${row.defaultBranch}.`, "Push it, then upgrade again.");
  const provenance = readProvenance(await readFileAt(repository, head, PROVENANCE_FILE));
  if (!provenance)
    throw failure(
      "no-provenance",
      `${PROVENANCE_FILE} is missing on ${row.defaultBranch} or cannot be read, so nobody knows which version to compare with.`,
      `Restore the file from the history of ${row.defaultBranch}, then upgrade again.`,
    );
  if (provenance.goldenPath.name !== row.goldenPath)
    throw failure(
      "other-path",
      `${PROVENANCE_FILE} names the golden path ${provenance.goldenPath.name}; Waymark knows ${row.goldenPath}.`,
      "Restore the name in the file, then upgrade again.",
    );
  return { row, head, provenance };
}

async function compute(run: EngineRun<UpgradeInput>, row: Row, { head, provenance }: Start): Promise<Upgrade> {
  const { name, version } = provenance.goldenPath;
  try {
    const [versions, open] = await Promise.all([pathVersions(db(), name), openEjections(row.id)]);
    const rejoins = open.filter(({ id }) => run.input.rejoins.includes(id));
    const publishedAt = versions?.ordered.find((one) => one.version === run.input.version)?.publishedAt ?? row.createdAt;
    const input = await renderInput(row, provenance);
    const [from, to] = [await input(version), await input(run.input.version, run.input.values)];
    return await computeUpgrade(
      {
        dir: await repositoryDir(presentRepository(row), head),
        branch: row.defaultBranch,
        head,
        provenance,
        from,
        to,
        publishedAt,
        ejected: open.filter(({ id }) => !run.input.rejoins.includes(id)).map(({ concern, reason, files }) => ({ concern, reason, files })),
        rejoined: await Promise.all(rejoins.map(async ({ files, version: since }) => ({ files, from: await input(since) }))),
      },
      run.signal,
    );
  } catch (error) {
    if (!isDomainError(error)) throw error;
    const nextAction = "If it asks for an answer, upgrade again with --set name=value; else tell the owner of the golden path.";
    throw new StepFailure({ causeCode: "cannot-render", cause: error.message, whoCanFix: "you", nextAction }, { cause: error });
  }
}

/** Ejections of a repository that were not taken back. */
export async function openEjections(repositoryId: string) {
  return db()
    .select()
    .from(pathEjections)
    .where(and(eq(pathEjections.repositoryId, repositoryId), isNull(pathEjections.rejoinedAt)));
}

/** What is rendered for a version: the recorded answers as far as it asks for them; for the new one new questions take what was given, else their defaults. */
async function renderInput(row: Row, provenance: StoredProvenance) {
  const handle = provenance.createdBy.split("/").at(-1) ?? "waymark";
  const [[user], [team]] = await Promise.all([
    db().select({ name: users.name }).from(users).where(eq(users.handle, handle)),
    db().select({ ref: teams.ref }).from(teams).where(eq(teams.id, row.teamId)),
  ]);
  const context = { runId: row.madeByRun ?? row.id, user: { ref: provenance.createdBy, name: user?.name ?? handle }, environment: await repositoryParameters(db(), row) };
  const owner = team?.ref ?? `group:default/${row.owner}`;
  return async (version: string, given?: Record<string, unknown>): Promise<RenderInput> => {
    const goldenPath = await loadGoldenPathVersion(db(), provenance.goldenPath.name, version);
    const service = { name: row.name, description: row.description, owner };
    if (!given) return { goldenPath, values: provenance.answers, context, service };
    const asked = knownNames(mergedSchema(goldenPath.definition));
    const known = Object.fromEntries(Object.entries(provenance.answers).filter(([key]) => asked.has(key)));
    const implied = asked.has("owner") ? { owner } : {};
    const answers = { ...implied, ...known, ...typedAnswers(given, pagesOf(goldenPath.definition)) };
    return { goldenPath, values: await validateValues(withoutSecretDuties(goldenPath.definition), answers), context, service };
  };
}

async function propose(run: EngineRun<UpgradeInput>, row: Row, { head, provenance }: Start, upgrade: Upgrade) {
  const { name, version } = provenance.goldenPath;
  const versions = await pathVersions(db(), name);
  const rejoined = run.input.rejoins.length ? await db().select().from(pathEjections).where(inArray(pathEjections.id, run.input.rejoins)) : [];
  const { title, body } = proposalText({
    name,
    from: version,
    to: run.input.version,
    versions: versions?.ordered ?? [],
    upgrade,
    rejoined: rejoined.map(({ concern }) => concern ?? "the whole path"),
    branch: upgradeBranch(name),
  });
  const proposal: Proposal = {
    repository: row,
    branch: upgradeBranch(name),
    base: head,
    title,
    body,
    isDraft: upgrade.conflicts.length > 0,
    upgrade: { goldenPath: name, from: version, to: run.input.version, commit: upgrade.commit, conflicts: upgrade.conflicts, rejoins: run.input.rejoins },
  };
  if (row.provider === "github") return proposeOnGithub(run, proposal, run.input.isBackground ?? false);
  if (row.provider !== "waymark") return proposeOnHost(run, proposal, row.provider);
  const made = await proposeUpgrade(run, proposal);
  return { ...made, url: `/repositories/${row.owner}/${row.name}/pulls/${made.number}` };
}
