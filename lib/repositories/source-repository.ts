import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { catalogRepositories } from "@/db/schema";
import { EntityKey } from "@/lib/catalog/contract";
import { loadEntity } from "@/lib/catalog/queries";
import { query } from "@/lib/core/operation";
import { githubClient } from "@/lib/platform/queries";
import type { Repository } from "./contract";

// Repositories that the catalog reads at the connected GitHub were not made here and belong to no team, but changes can be
// proposed to them like to any other.

/** Such a repository by the address of its page; null for one that is elsewhere, or out of reach. */
export async function sourceRepository(on: Connection, url: string): Promise<Repository | null> {
  const [row] = await on
    .select()
    .from(catalogRepositories)
    .where(eq(catalogRepositories.key, `remote:${url}`));
  const client = row && row.state !== "gone" ? await githubClient(on) : null;
  if (!row || !client || !URL.canParse(row.cloneUrl) || new URL(row.cloneUrl).origin !== client.webUrl) return null;
  const [owner = "", name = ""] = row.name.split("/");
  return {
    // Names only the copy on this machine.
    id: `rep_${createHash("sha256").update(row.key).digest("hex").slice(0, 30)}`,
    owner,
    name,
    description: "",
    provider: "github",
    status: "ready",
    defaultBranch: row.defaultBranch,
    cloneUrl: row.cloneUrl,
    webUrl: row.url,
    teamId: "",
    entityRef: null,
    goldenPath: null,
    isDemo: false,
    createdAt: (row.readAt ?? new Date(0)).toISOString(),
  };
}

export const repositoryOfSource = query({
  name: "entity.read",
  summary: "The repository at the connected GitHub that the catalog reads an entity from, where an edit becomes a pull request; null for any other source.",
  input: EntityKey,
  subject: () => null,
  run: async (on, { kind, namespace, name }): Promise<Repository | null> => {
    const { source } = await loadEntity(on, `${kind}:${namespace}/${name}`.toLowerCase());
    return source.type === "remote" ? sourceRepository(on, source.url) : null;
  },
});
