import { and, eq, inArray, or, type SQL } from "drizzle-orm";
import { z } from "zod";
import type { Connection } from "@/db/client";
import { entities, repositories } from "@/db/schema";
import { env } from "@/lib/core/env";
import { DomainError, isDomainError } from "@/lib/core/errors";
import { parseYamlDocuments } from "@/lib/core/yaml";
import { isPlainObject } from "../import/draft";
import { formatRef } from "../ref";
import { readAddress } from "../sources/outside";
import { isPresent, ofSource } from "../sources/presence";
import { readableAddress } from "../url-source";
import { type BackstageEntity, selectRows, withRelations } from "./entity";

export const AnalyzeInput = z.looseObject({
  location: z.looseObject(
    { type: z.string().max(100).optional(), target: z.string({ error: "Give the address to look at." }).trim().min(1).max(2_000) },
    { error: "Give the location to look at, as an object with type and target." },
  ),
});

interface Spec {
  type: string;
  target: string;
}

/** What Backstage's `analyze-location` answers. */
interface Analysis {
  existingEntityFiles: { location: Spec; isRegistered: boolean; entity: BackstageEntity | Record<string, unknown> }[];
  generateEntities: { entity: Record<string, unknown>; fields: never[] }[];
}

const MAX_ENTITIES = 200;

/**
 * What an address holds: the entities of a repository that the catalog reads, those of a catalog file, else an entity to begin with.
 * A file is read through the checks of every address that a person gives. Throws invalid.
 */
export async function analyze(on: Connection, { location }: z.output<typeof AnalyzeInput>): Promise<Analysis> {
  const spec = { type: location.type ?? "url", target: location.target };
  const url = new URL(readableAddress(location.target));
  const found = /\.(ya?ml|json)$/i.test(url.pathname) ? await inFile(on, url) : await inRepository(on, url);
  if (found.length) return { existingEntityFiles: found.map((one) => ({ location: spec, ...one })), generateEntities: [] };
  return { existingEntityFiles: [], generateEntities: [{ entity: beginning(new URL(location.target)), fields: [] }] };
}

/** Entities that the catalog has from the repository with this page or clone address. */
async function inRepository(on: Connection, url: URL): Promise<{ isRegistered: boolean; entity: BackstageEntity }[]> {
  const page = `${url.origin}${url.pathname.replace(/\/+$/, "").replace(/\.git$/, "")}`;
  const [, owner = "", name = ""] = page.startsWith(`${env().url}/`) ? (/^\/(?:git|repositories)\/([^/]+)\/([^/]+)$/.exec(new URL(page).pathname) ?? []) : [];
  const [own] = name
    ? await on
        .select({ id: repositories.id })
        .from(repositories)
        .where(and(eq(repositories.owner, owner), eq(repositories.name, name)))
    : [];
  const where: SQL | undefined = own ? eq(entities.repositoryId, own.id) : or(ofSource({ type: "remote", url: page, path: "", commit: null }));
  const rows = await selectRows(on, and(where, isPresent));
  return (await withRelations(on, rows.slice(0, MAX_ENTITIES))).map((entity) => ({ isRegistered: true, entity }));
}

async function inFile(on: Connection, url: URL): Promise<{ isRegistered: boolean; entity: Record<string, unknown> }[]> {
  const read = await readAddress(url.href);
  if ("problem" in read) throw invalid(`${read.problem} ${read.fix}`);
  const documents = "text" in read ? documentsOf(read.text).slice(0, MAX_ENTITIES) : [];
  const refs = documents.map(refOf);
  const known = refs.length
    ? await on
        .select({ ref: entities.ref })
        .from(entities)
        .where(and(inArray(entities.ref, refs), isPresent))
    : [];
  return documents.map((entity, index) => ({ isRegistered: known.some(({ ref }) => ref === refs[index]), entity }));
}

/** The documents of a text that could be entities. Throws invalid for a text that cannot be read at all. */
function documentsOf(text: string): Record<string, unknown>[] {
  try {
    const documents = parseYamlDocuments(text.replace(/^\uFEFF/, ""), "The file");
    const found = documents.flatMap((document) => {
      const data = "source" in document ? document.source.data : null;
      return isPlainObject(data) && typeof data.kind === "string" && isPlainObject(data.metadata) && typeof data.metadata.name === "string" ? [data] : [];
    });
    const problem = documents.find((document) => "problem" in document);
    if (found.length === 0 && problem && "problem" in problem) throw invalid(problem.problem);
    return found;
  } catch (error) {
    if (isDomainError(error)) throw invalid(error.message);
    throw error;
  }
}

const invalid = (message: string) => new DomainError("invalid", message, { fields: [{ path: "location.target", message }] });

function refOf({ kind, metadata }: Record<string, unknown>): string {
  const { name, namespace } = metadata as Record<string, unknown>;
  return formatRef({ kind: String(kind), namespace: typeof namespace === "string" ? namespace : "default", name: String(name) }).toLowerCase();
}

/** The entity that Backstage proposes for a repository without a catalog file. */
function beginning(url: URL): Record<string, unknown> {
  const [owner = "", name = owner] = url.pathname.split("/").filter(Boolean);
  const plain = name.replace(/\.git$/, "");
  if (!plain) throw invalid("This is no repository. Write https://host/owner/name.");
  const annotations = url.host === "github.com" ? { annotations: { "github.com/project-slug": `${owner}/${plain}` } } : {};
  return { apiVersion: "backstage.io/v1alpha1", kind: "Component", metadata: { name: plain, ...annotations }, spec: { type: "other", lifecycle: "unknown" } };
}
