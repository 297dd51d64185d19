import type { RepositoryProvider } from "./provider";
import { githubProvider } from "./providers/github";
import { waymarkProvider } from "./providers/waymark";
import { editEntityRun as editEntity } from "./run-edit-entity";

export { type Proposal, proposeUpgrade } from "./propose";
export { proposeOnGithub } from "./propose-github";
export { followPullRequests } from "./pull-requests/follow-push";
export { mergeRun } from "./pull-requests/run-merge";
export { loadPush, type Push } from "./pushes";
export { settleRepositories, settleUnfinished } from "./settle";

const PROVIDERS: ReadonlyMap<string, RepositoryProvider> = new Map([waymarkProvider, githubProvider].map((provider) => [provider.name, provider]));

/** The provider of this name. Throws for one that this build does not have. */
export function repositoryProvider(name: RepositoryProvider["name"]): RepositoryProvider {
  const provider = PROVIDERS.get(name);
  if (!provider) throw new Error(`no repository provider ${name}`);
  return provider;
}

/** The run that an edit of an entity becomes. */
export const editEntityRun = editEntity(repositoryProvider);
