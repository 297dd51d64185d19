import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import { scorecardRepositories } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { log } from "@/lib/core/log";
import type { Repository } from "@/lib/repositories/contract";
import { listFilesAt } from "@/lib/repositories/source";
import type { FactSource } from "./source";

/** Which paths stand for which fact. */
const FILES: Record<string, RegExp> = {
  codeowners: /^(\.github\/|\.gitlab\/|docs\/)?CODEOWNERS$/,
  ci: /^(\.github\/workflows\/[^/]+\.ya?ml|\.gitlab-ci\.yml|Jenkinsfile|azure-pipelines\.yml|bitbucket-pipelines\.yml|\.circleci\/config\.yml|\.(gitea|forgejo)\/workflows\/[^/]+\.ya?ml)$/,
  readme: /^readme(\.(md|markdown|rst|txt|adoc))?$/i,
  license: /^(licen[cs]e|copying)(\.\w+)?$/i,
  tests: /(^|\/)(tests?|__tests__|spec)\/|[._-](test|spec)\.\w+$|(^|\/)test_[^/]+\.py$|_test\.go$/i,
  dependencyUpdates: /^(\.github\/dependabot\.ya?ml|\.?renovate(rc)?(\.json5?)?|\.github\/renovate\.json5?)$/,
};

/** What the names of a repository's files say. */
export const factsOfFiles = (paths: string[]): Record<string, boolean> =>
  Object.fromEntries(Object.entries(FILES).map(([name, pattern]) => [name, paths.some((path) => pattern.test(path))]));

/** After a push to the default branch: which of the files that facts are about there are now. */
export async function noteRepositoryFiles(push: { repository: Repository; ref: string; after: string | null }): Promise<void> {
  const { repository, ref, after } = push;
  if (after && !/^0+$/.test(after) && ref === `refs/heads/${repository.defaultBranch}`) await readFilesOf(repository, after);
}

async function readFilesOf(repository: Repository, commit: string): Promise<void> {
  const files = factsOfFiles(await listFilesAt(repository, commit));
  const readAt = await databaseNow();
  await db()
    .insert(scorecardRepositories)
    .values({ repositoryId: repository.id, commit, files, readAt })
    .onConflictDoUpdate({ target: scorecardRepositories.repositoryId, set: { commit, files, readAt } });
}

/** Reads the repositories that were pushed to before facts of files were kept; a few at a time. */
export async function readMissingFiles(missing: { repository: Repository; commit: string }[]): Promise<void> {
  for (const { repository, commit } of missing)
    await readFilesOf(repository, commit).catch((error: unknown) => log().warn({ err: error, repository: repository.id }, "files of a repository could not be listed"));
}

export const repositoryFacts: FactSource = {
  group: "repository",
  tables: ["entities", "repositories", "scorecard_repositories"],
  rows: () => sql`
    select distinct on (e.ref) e.ref as entity_ref, coalesce(f.read_at, e.updated_at) as observed_at, jsonb_build_object('known', f.repository_id is not null) || coalesce(f.files, '{}'::jsonb) as facts
    from entities e left join repositories r on (r.id = e.repository_id or r.entity_ref = e.ref) and r.status = 'ready' left join scorecard_repositories f on f.repository_id = r.id
    order by e.ref, f.read_at desc nulls last`,
};
