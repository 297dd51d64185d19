import type { ReadResourceResult, Resource } from "@modelcontextprotocol/sdk/types.js";
import { getDoc, getEntity, listEntities, partsOfRef } from "@/lib/catalog/queries";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { canSomewhere } from "@/lib/core/policy";
import { framed } from "./result";

const LISTED = 50;
const ENTITY = /^waymark:\/\/entity\/([^/]+\/[^/]+)$/;
const DOC = /^waymark:\/\/doc\/([^/]+\/[^/]+)\/(.+)$/;

export const RESOURCE_TEMPLATES = [
  {
    name: "entity",
    title: "Catalog entity",
    uriTemplate: "waymark://entity/{+ref}",
    description: "For example waymark://entity/component:default/checkout-api.",
    mimeType: "application/json",
  },
  {
    name: "doc",
    title: "Document of an entity",
    uriTemplate: "waymark://doc/{+ref}/{+path}",
    description: "For example waymark://doc/component:default/checkout-api/docs/runbook.md.",
    mimeType: "text/markdown",
  },
];

/** The entities of the person's teams; any other can be read by its address. */
export async function listResources(ctx: Ctx): Promise<Resource[]> {
  if (!canSomewhere(ctx.actor, "entity.read")) return [];
  const { items } = await listEntities(ctx, { scope: "team", limit: LISTED });
  return items.map(({ ref }) => ({ name: ref, uri: `waymark://entity/${ref}`, mimeType: "application/json" }));
}

/** One entity or document, in the frame that says it is content. Throws DomainError. */
export async function readResource(ctx: Ctx, uri: string): Promise<ReadResourceResult> {
  const [, entity] = ENTITY.exec(uri) ?? [];
  const [, ref, path] = DOC.exec(uri) ?? [];
  if (entity) return { contents: [{ uri, mimeType: "application/json", text: framed(JSON.stringify(await getEntity(ctx, partsOfRef(decoded(entity))), null, 1)) }] };
  if (ref && path) return { contents: [{ uri, mimeType: "text/markdown", text: framed((await getDoc(ctx, { ...partsOfRef(decoded(ref)), path: decoded(path) })).text) }] };
  throw new DomainError("not_found", "There is no such resource. Addresses are waymark://entity/<ref> and waymark://doc/<ref>/<path>.");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new DomainError("invalid", "The address contains a malformed escape sequence.", { cause });
  }
}
