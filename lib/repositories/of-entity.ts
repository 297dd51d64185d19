import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Connection } from "@/db/client";
import { entityDocs } from "@/db/schema";
import { EntityKey } from "@/lib/catalog/contract";
import { loadEntity } from "@/lib/catalog/queries";
import { DomainError } from "@/lib/core/errors";
import { query } from "@/lib/core/operation";
import { SHA } from "@/lib/git/names";
import type { Repository } from "./contract";
import { findRepositoryRow, presentRepository } from "./read";
import { readBytesAt } from "./source";
import { sourceRepository } from "./source-repository";

const IMAGES: Record<string, string> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  avif: "image/avif",
  svg: "image/svg+xml",
};
const MAX_IMAGE_BYTES = 5 * 1024 * 1024;

/** The repository that an entity is read from or was made with, or null. */
async function repositoryOf(on: Connection, { kind, namespace, name }: z.output<typeof EntityKey>): Promise<Repository | null> {
  const entity = await loadEntity(on, `${kind}:${namespace}/${name}`);
  const id = entity.source.type === "git" ? entity.source.repositoryId : entity.repositoryId;
  const row = id ? await findRepositoryRow(on, { id }) : await findRepositoryRow(on, { entityRef: entity.ref });
  return row && row.status !== "creating" ? presentRepository(row) : null;
}

/** The repository at the connected GitHub that a source of the catalog reads it from, or null. */
async function remoteOf(on: Connection, ref: string): Promise<Repository | null> {
  const { source } = await loadEntity(on, ref);
  return source.type === "remote" ? sourceRepository(on, source.url) : null;
}

export const repositoryOfEntity = query({
  name: "repository.read",
  summary: "The repository of an entity; null where none is known.",
  input: EntityKey,
  subject: () => null,
  run: (on, key) => repositoryOf(on, key),
});

export const readDocImage = query({
  name: "entity.read",
  summary: "A picture of an entity's documents, as it lies in the repository at the commit that they were read from.",
  input: EntityKey.extend({ path: z.string().min(1).max(400) }),
  subject: () => null,
  run: async (on, { path, ...key }): Promise<{ type: string; bytes: Uint8Array<ArrayBuffer>; commit: string }> => {
    const missing = new DomainError("not_found", "There is no such picture.");
    const type = IMAGES[path.split(".").at(-1)?.toLowerCase() ?? ""];
    const ref = `${key.kind}:${key.namespace}/${key.name}`.toLowerCase();
    const [doc] = await on.select({ commit: entityDocs.commit }).from(entityDocs).where(eq(entityDocs.entityRef, ref)).limit(1);
    const repository = type && doc?.commit && SHA.test(doc.commit) ? ((await repositoryOf(on, key)) ?? (await remoteOf(on, ref))) : null;
    const bytes = repository && doc?.commit ? await readBytesAt(repository, doc.commit, path, MAX_IMAGE_BYTES) : null;
    if (!bytes || !type || !doc?.commit) throw missing;
    return { type, bytes: new Uint8Array(bytes), commit: doc.commit };
  },
});
