import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { users } from "@/db/schema";
import { entityHref } from "@/lib/catalog/contract";
import { documentOf, withDocument } from "@/lib/catalog/queries";
import { commitFile, dropRef, parentOf } from "@/lib/git/commit-file";
import { type EngineRun, type RunKind, StepFailure } from "@/lib/runs/engine/types";
import { branchMoved } from "./branch-moved";
import type { Repository } from "./contract";
import { EDIT_ENTITY_DEADLINE_MS, EDIT_ENTITY_STEPS } from "./edit-entity";
import type { RepositoryProvider } from "./provider";
import { findRepositoryRow, presentRepository } from "./read";
import { readFileAt, repositoryDir, resolveCommit } from "./source";
import { sourceRepository } from "./source-repository";

type Input = { repositoryId: string; remoteUrl?: string | null; entityRef: string; file: string; base: string; yaml: string; title: string } & Record<string, unknown>;

/** Writes an edited document into its repository: only that document, and only if nobody changed it since the editor was opened. */
export const editEntityRun = (providerOf: (name: Repository["provider"]) => RepositoryProvider): RunKind<Input> => ({
  kind: "entity.edit",
  deadlineMs: EDIT_ENTITY_DEADLINE_MS,
  plan: () => EDIT_ENTITY_STEPS,
  async execute(run) {
    const repository = await repositoryOf(run);
    const ref = `refs/waymark/edits/${run.runId}-${run.attempt}`;
    const title = `Edit ${run.input.title} in the catalog`;
    const { commit, from } = await run.step("commit", async (step) => {
      const head = await resolveCommit(repository, repository.defaultBranch);
      const text = await edited(run.input, repository, head);
      const dir = await repositoryDir(repository, head);
      const made = await commitFile(dir, ref, { base: head, path: run.input.file, text, author: await authorOf(run), message: `${title}\n`, at: run.now }, step.signal);
      step.log(`Commit ${made.slice(0, 7)} changes ${run.input.file}`);
      return { commit: made, from: await parentOf(dir, made) };
    });
    const delivered = await run.step("deliver", async (step) => {
      const dir = await repositoryDir(repository, from);
      const body = `Made in the editor of the catalog for \`${run.input.entityRef}\`.`;
      const done = await providerOf(repository.provider).deliver(run, repository, { dir, commit, from, title, body });
      await dropRef(dir, ref);
      step.log(`${done.title}: ${done.url}`);
      return done;
    });
    const summary = delivered.isProposal
      ? `${delivered.title} proposes the change; the catalog follows when it is merged.`
      : `The change of ${run.input.title} is in its repository; the catalog follows within seconds.`;
    return {
      summary,
      evidence: [
        { title: delivered.title, url: delivered.url },
        { title: run.input.title, url: entityHref(run.input.entityRef) },
      ],
    };
  },
});

async function repositoryOf({ input }: EngineRun<Input>): Promise<Repository> {
  const row = input.remoteUrl ? null : await findRepositoryRow(db(), { id: input.repositoryId });
  const found = input.remoteUrl ? await sourceRepository(db(), input.remoteUrl) : row?.status === "ready" ? presentRepository(row) : null;
  if (found) return found;
  throw new StepFailure({
    causeCode: "no-repository",
    cause: "The repository takes no changes any more: it is gone or archived.",
    whoCanFix: "team-owner",
    nextAction: "Ask an owner of the team what became of it.",
  });
}

/** The whole file with the new document, on top of the newest commit. Throws where somebody else changed the document. */
async function edited({ file, base, entityRef, yaml }: Input, repository: Repository, head: string): Promise<string> {
  const [before, now] = await Promise.all([readFileAt(repository, base, file), readFileAt(repository, head, file)]);
  const known = before === null ? null : documentOf(before, entityRef);
  if (now === null || known === null || documentOf(now, entityRef) !== known) throw branchMoved(repository);
  const text = withDocument(now, entityRef, yaml);
  if (text === null || text === now) {
    throw new StepFailure({
      causeCode: "no-change",
      cause: "The document is as it was: there is nothing to write.",
      whoCanFix: "you",
      nextAction: "Change something, then save again.",
    });
  }
  return text;
}

async function authorOf({ requestedBy }: EngineRun<Input>): Promise<{ name: string; email: string }> {
  const [person] = requestedBy ? await db().select({ name: users.name, email: users.email }).from(users).where(eq(users.id, requestedBy)) : [];
  return { name: person?.name ?? "Waymark", email: person?.email ?? "waymark@localhost" };
}
