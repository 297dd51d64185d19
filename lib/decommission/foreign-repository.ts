import { and, isNull, ne, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { entities } from "@/db/schema";
import type { CatalogEntity } from "@/lib/catalog/contract";
import { githubClient } from "@/lib/platform/queries";

export interface ForeignRepository {
  url: string;
  name: string;
  /** Where the connection of this Waymark to GitHub reaches it and nothing else is read from it; else null. */
  at: { owner: string; name: string } | null;
}

/** The repository that an entity is read from without having been made here; null for entities of other sources. */
export async function foreignRepository(on: Connection, { ref, source }: CatalogEntity): Promise<ForeignRepository | null> {
  if (source.type !== "remote" || !URL.canParse(source.url)) return null;
  const url = new URL(source.url);
  const [owner, name, ...more] = url.pathname
    .replace(/\.git$/, "")
    .split("/")
    .filter(Boolean);
  const shown = { url: source.url, name: owner && name ? `${owner}/${name}` : source.url };
  const client = await githubClient(on);
  const isReached = client !== null && url.origin === new URL(client.webUrl).origin && owner?.toLowerCase() === client.owner.toLowerCase() && name && more.length === 0;
  if (!isReached || !owner || !name) return { ...shown, at: null };
  const others = await on
    .select({ ref: entities.ref })
    .from(entities)
    .where(and(sql`${entities.source} ->> 'type' = 'remote'`, sql`${entities.source} ->> 'url' = ${source.url}`, ne(entities.ref, ref), isNull(entities.goneAt)))
    .limit(1);
  return { ...shown, at: others.length > 0 ? null : { owner, name } };
}
