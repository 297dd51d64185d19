import { lstat, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { teams } from "@/db/schema";
import { env } from "@/lib/core/env";
import { DomainError } from "@/lib/core/errors";
import { checkStep } from "@/lib/guardrails/mutations";
import { notify } from "@/lib/notifications/notify";
import { providerTitle } from "@/lib/repositories/contract";
import { repositoryProvider } from "@/lib/repositories/jobs";
import { reservedBy } from "@/lib/repositories/mutations";
import type { RepositoryProvider, RepositorySpec } from "@/lib/repositories/provider";
import { type EndedRun, type EngineRun, type RunKind, StepFailure } from "@/lib/runs/engine/types";
import { removeFolder } from "./engine/remove-folder";
import { renderer } from "./engine/renderer";
import { safeChildPath } from "./engine/safe-path";
import { CATALOG_FILE, type Session, startSession } from "./engine/session";
import type { Publication } from "./engine/step-action";
import { Workspace } from "./engine/workspace";
import { loadGoldenPathVersion } from "./load-version";
import { foreseen, linksOf, onceIn, personOf } from "./path-run";
import { PROVENANCE_FILE, provenanceText } from "./provenance";
import { registerService } from "./register-service";
import { repositoryParameters } from "./repository-parameters";
import { keepOutput, readSecrets } from "./run-secrets";
import { catalogFileFor } from "./service-catalog-file";
import { SERVICE_DEADLINE_MS, type ServiceInput } from "./service-plan";
import { loadStepRegistry } from "./step-actions/registry";

// Every effect is create-or-get under the id of this run: the reserved row and the folder of the bare repository belong to it,
// the first commit has the same id each time, and the catalog entry, the open repository and the first push are one transaction.
// Killed at any instant, the run renders again and finds what is there.

export const serviceCreateRun: RunKind<ServiceInput> = {
  kind: "service.create",
  deadlineMs: SERVICE_DEADLINE_MS,
  plan: () => [],
  async execute(run) {
    const making = await load(run);
    if (!making) {
      await check(run, null);
      throw nameGone();
    }
    const folder = await mkdtemp(path.join(tmpdir(), "waymark-service-"));
    const given = new AbortController();
    const checked = check(run, making.row);
    const reachOutside = onceIn(run, making.row.createdAt);
    const session = startSession({
      ...making.template,
      targetDir: folder,
      signal: AbortSignal.any([run.signal, given.signal]),
      log: (text, level) => run.log(text, level),
      renderer: renderer(),
      // Files are written while guardrails are asked; whatever reaches outside waits for their answer.
      once: (step, work) => checked.then(() => reachOutside(step, work)),
    });
    const workspace = new Workspace(folder);
    try {
      await checked;
      return await make(run, making, session, workspace);
    } finally {
      given.abort(new DomainError("unavailable", "The run ended before this step."));
      await session.finished.catch(() => {});
      await removeFolder(folder);
    }
  },
  onEnd: tellFailure,
};

type Making = NonNullable<Awaited<ReturnType<typeof load>>>;
type RepositoryRow = NonNullable<Awaited<ReturnType<typeof reservedBy>>>;

const check = (run: EngineRun<ServiceInput>, row: RepositoryRow | null) =>
  checkStep(run, { ability: "service.create", subjectId: run.runId, harmless: ["check", "render"] }, async (step) => {
    if (!row) throw nameGone();
    step.log(`Repository ${row.owner}/${row.name} at ${providerTitle(row.provider)}.`);
  });

/** What the run needs; null once the name belongs to somebody else. */
async function load(run: EngineRun<ServiceInput>) {
  const { input } = run;
  const row = await reservedBy(db(), input.repositoryId, run.runId);
  if (!row) return null;
  const [goldenPath, { answers, secrets }, person, registry, environment] = await Promise.all([
    loadGoldenPathVersion(db(), input.goldenPath, input.version),
    readSecrets(db(), run.runId, run.mask),
    personOf(run.requestedBy),
    loadStepRegistry(db()),
    repositoryParameters(db(), row),
  ]);
  return {
    row,
    provider: repositoryProvider(row.provider),
    goldenPath,
    person,
    template: {
      registry,
      files: goldenPath.files(),
      definition: goldenPath.definition,
      values: { ...input.values, ...answers },
      secrets,
      context: { runId: run.runId, templateRef: `template:default/${input.goldenPath}`, user: person, environment },
    },
  };
}

const nameGone = () =>
  new StepFailure({
    causeCode: "name-taken",
    cause: "The name was given to another service after this run had ended.",
    whoCanFix: "you",
    nextAction: "Create the service again under another name.",
  });

async function make(run: EngineRun<ServiceInput>, making: Making, session: Session, workspace: Workspace) {
  await run.step("render", async (step) => {
    const files = await foreseen(session.rendered).then(() => workspace.list());
    step.log(`${files.length} files.`);
  });
  const publication = await foreseen(session.rendered);
  const root = await foreseen(rootOf(workspace, publication));
  await complete(run, making, root);
  const spec = specOf(run, making, publication);
  const addresses = await run.step("repository", async (step) => {
    const made = await making.provider.ensureRepository(run, spec);
    step.log(`Clone address ${made.cloneUrl}`);
    return made;
  });
  const { commit } = await run.step("commit", async (step) => {
    const pushed = await making.provider.pushInitial(run, spec, root.root);
    step.log(`First commit ${pushed.commit.slice(0, 7)} on ${spec.defaultBranch}.`);
    return pushed;
  });
  const contentsUrl = addresses.contentsUrl ?? `${addresses.webUrl}/tree/${spec.defaultBranch}`;
  session.published({ remoteUrl: addresses.cloneUrl, repoContentsUrl: contentsUrl, commitHash: commit, ...addresses.outputs });
  await settings(run, making.provider, spec);
  const catalogFile = await foreseen(session.registration);
  const registered = await run.step("register", async (step) => {
    const file = catalogFile ?? CATALOG_FILE;
    const text = (await root.exists(file)) ? (await root.read(file)).toString("utf8") : null;
    return registerService(run, { row: making.row, spec, addresses, commit, catalogFile: file, text, log: step.log });
  });
  session.registered({ entityRef: registered.entityRef ?? "", catalogInfoUrl: `${contentsUrl}/${catalogFile ?? CATALOG_FILE}` });
  const { output } = await foreseen(session.finished);
  await run.commit((tx) => keepOutput(tx, run.runId, output));
  return { summary: `${spec.name} is ready to be cloned`, evidence: [...evidenceOf(making, addresses.cloneUrl, registered.entityRef), ...linksOf(output, run.runId)] };
}

/** The folder that becomes the repository: the whole workspace, or what the publish step names. */
async function rootOf(workspace: Workspace, { sourcePath }: Publication): Promise<Workspace> {
  if (!sourcePath) return workspace;
  const folder = safeChildPath(workspace.root, sourcePath);
  const entry = await lstat(folder).catch(() => null);
  if (!entry?.isDirectory()) throw new DomainError("invalid", `The publish step names the folder ${sourcePath}, which was not written. Check sourcePath.`);
  return new Workspace(folder);
}

/** What Waymark adds to the files of the golden path, the same at every repetition. */
async function complete(run: EngineRun<ServiceInput>, { row, goldenPath, person }: Making, workspace: Workspace): Promise<void> {
  const createdAt = row.createdAt.toISOString();
  const provenance = provenanceText({ goldenPath: { name: goldenPath.name, version: goldenPath.version }, answers: run.input.values, createdBy: person.ref, createdAt });
  await workspace.write(PROVENANCE_FILE, Buffer.from(provenance), 0o644, true);
  if (goldenPath.definition.spec.steps.some((step) => step.action === "catalog:register")) return;
  const [team] = await db().select().from(teams).where(eq(teams.id, row.teamId));
  await workspace.write(CATALOG_FILE, Buffer.from(catalogFileFor({ name: row.name, description: row.description, owner: team?.ref ?? run.input.team })), 0o644, false);
}

function specOf(run: EngineRun<ServiceInput>, { row, goldenPath, person }: Making, publication: Publication): RepositorySpec {
  return {
    repositoryId: row.id,
    owner: row.owner,
    name: row.name,
    cloneUrl: row.cloneUrl,
    wishes: publication.wishes,
    description: (publication.description ?? row.description).slice(0, 350),
    defaultBranch: publication.defaultBranch,
    mark: `${env().url}/runs/${run.runId}`,
    visibility: publication.visibility,
    topics: publication.topics,
    team: run.input.team,
    commit: {
      author: { name: publication.author.name ?? person.name, email: publication.author.email ?? person.email },
      message: publication.commitMessage ?? `Create ${row.name} from ${goldenPath.name} ${goldenPath.version}`,
      at: row.createdAt,
    },
  };
}

async function settings(run: EngineRun<ServiceInput>, provider: RepositoryProvider, spec: RepositorySpec): Promise<void> {
  const apply = provider.settings?.bind(provider);
  if (apply) await run.step("settings", () => apply(run, spec));
}

function evidenceOf({ row }: Making, cloneUrl: string, entityRef: string | null) {
  const [kind, rest = ""] = (entityRef ?? "").split(":");
  const [namespace, name] = rest.split("/");
  return [
    { title: "Clone address", url: cloneUrl },
    { title: "Repository", url: `/repositories/${row.owner}/${row.name}` },
    ...(entityRef ? [{ title: "Service", url: `/catalog/${namespace}/${kind}/${name}` }] : []),
  ];
}

async function tellFailure(tx: Parameters<NonNullable<RunKind["onEnd"]>>[0], run: EndedRun<ServiceInput>): Promise<void> {
  if (run.status !== "failed" || !run.requestedBy) return;
  await notify(tx, [run.requestedBy], {
    kind: "service-failed",
    title: "A service was not created",
    body: run.outcome.cause ?? run.outcome.summary,
    href: `/runs/${run.runId}`,
    dedupeKey: `service-failed:${run.runId}:${run.now.toISOString()}`,
  });
}
