import type { Connection } from "@/db/client";
import { githubClient } from "@/lib/platform/queries";
import type { Repository } from "@/lib/repositories/contract";

/** What templates read as `environment.parameters.repositoryUrl`: where the repository can be cloned from, known before it is made. */
export async function repositoryParameters(on: Connection, row: Pick<Repository, "provider" | "owner" | "name" | "cloneUrl">): Promise<{ parameters: { repositoryUrl: string } }> {
  if (row.cloneUrl) return { parameters: { repositoryUrl: row.cloneUrl } };
  const github = await githubClient(on);
  return { parameters: { repositoryUrl: github ? `${github.webUrl}/${row.owner}/${row.name}.git` : "" } };
}
