import type { z } from "zod";
import type { Connection } from "@/db/client";
import { EntityKey, SaveEntityInput } from "@/lib/catalog/contract";
import { checkEdited, documentOf, entityScopeOf, loadEntity, requireWritable } from "@/lib/catalog/queries";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { authorize, mutation, query } from "@/lib/core/operation";
import { startRun } from "@/lib/runs/enqueue";
import { readRun } from "@/lib/runs/read";
import type { EditPlan } from "./contract";
import { findRepositoryRow, presentRepository } from "./read";
import { readFileAt, resolveCommit } from "./source";
import { sourceRepository } from "./source-repository";

export const EDIT_ENTITY_STEPS = [
  { name: "commit", title: "Write the change" },
  { name: "deliver", title: "Bring it into the repository" },
];
export const EDIT_ENTITY_DEADLINE_MS = 3 * 60_000;

const refOf = ({ kind, namespace, name }: z.output<typeof EntityKey>) => `${kind}:${namespace}/${name}`.toLowerCase();

/** Whose entity and repository it is. Throws where the source is no repository that takes changes. */
async function subject(on: Connection, key: z.output<typeof EntityKey>, ctx: Ctx) {
  const entity = await loadEntity(on, refOf(key));
  requireWritable(entity.kind);
  if (entity.source.type === "remote") {
    const { url, path: file } = entity.source;
    const repository = await sourceRepository(on, url);
    if (!repository) throw new DomainError("conflict", `${entity.title} is read from ${file} in ${url}. Change it there: the next reading brings it here.`);
    return { ...(await entityScopeOf(on, entity.ref, ctx)), entity, file, repository, remoteUrl: url };
  }
  if (entity.source.type !== "git") throw new DomainError("conflict", `${entity.title} is not read from a repository of this platform. Edit it where it comes from.`);
  const row = await findRepositoryRow(on, { id: entity.source.repositoryId });
  if (row?.status !== "ready") throw new DomainError("conflict", `The repository of ${entity.title} takes no changes: ${row ? "it is archived" : "it is gone"}.`);
  authorize(ctx, "repository.push", { teamId: row.teamId });
  return { ...(await entityScopeOf(on, entity.ref, ctx)), entity, file: entity.source.path, repository: presentRepository(row), remoteUrl: null };
}

export const planEdit = query({
  name: "entity.edit",
  summary: "The document of an entity as it is in its repository now, and what an edit becomes: a commit, or a pull request.",
  input: EntityKey,
  subject,
  run: async (_on, _key, _ctx, { entity, file, repository }): Promise<EditPlan> => {
    const base = await resolveCommit(repository, repository.defaultBranch);
    const text = await readFileAt(repository, base, file);
    const document = text === null ? null : documentOf(text, entity.ref);
    if (document === null) throw new DomainError("conflict", `${file} of ${repository.owner}/${repository.name} no longer holds ${entity.ref}. Edit the file in the repository.`);
    const { owner, name, defaultBranch, webUrl } = repository;
    return { document, base, file, repository: { owner, name, defaultBranch, webUrl }, becomes: repository.provider === "waymark" ? "commit" : "pull-request" };
  },
});

export const editInRepository = mutation({
  name: "entity.edit",
  summary: "Change the document of an entity where it is read from: a commit on the own git server, a pull request on GitHub.",
  input: SaveEntityInput.extend({ base: SaveEntityInput.shape.name.regex(/^[0-9a-f]{40}$/, "Open the editor again.") }),
  subject,
  run: async (tx, { yaml = "", base }, ctx, { teamId, entity, file, repository, remoteUrl }) => {
    await checkEdited(tx, ctx, entity, yaml);
    const runId = await startRun(tx, {
      kind: "entity.edit",
      title: `Edit ${entity.title}`,
      input: { repositoryId: repository.id, remoteUrl, entityRef: entity.ref, file, base, yaml, title: entity.title },
      plan: EDIT_ENTITY_STEPS,
      deadlineMs: EDIT_ENTITY_DEADLINE_MS,
      requestedBy: ctx.actor.type === "user" ? ctx.actor.id : null,
      teamId: teamId ?? (repository.teamId || null),
      entityRef: entity.ref,
      exclusiveKey: `repository-edit:${repository.id}`,
      now: ctx.now,
    });
    return { run: await readRun(tx, runId) };
  },
  audit: (_input, { run }, { entity, file, repository }) => ({
    target: { type: "entity", id: entity.ref, label: entity.title },
    detail: { change: "edited", file, repository: `${repository.owner}/${repository.name}`, run: run.id },
  }),
});
