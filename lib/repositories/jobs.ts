import { HOST_KINDS } from "@/lib/hosts/contract";
import type { RepositoryProvider } from "./provider";
import { githubProvider } from "./providers/github";
import { hostedProvider } from "./providers/hosted";
import { waymarkProvider } from "./providers/waymark";
import { editEntityRun as editEntity } from "./run-edit-entity";

export { type Proposal, proposeUpgrade } from "./propose";
export { proposeOnGithub } from "./propose-github";
export { proposeOnHost } from "./propose-host";
export { followPullRequests } from "./pull-requests/follow-push";
export { mergeRun } from "./pull-requests/run-merge";
export { loadPush, type Push } from "./pushes";
export { settleRepositories, settleUnfinished } from "./settle";

const PROVIDERS: ReadonlyMap<string, RepositoryProvider> = new Map(
  [waymarkProvider, githubProvider, ...HOST_KINDS.map(hostedProvider)].map((provider) => [provider.name, provider]),
);

/** The provider of this name. Throws for one that this build does not have. */
export function repositoryProvider(name: RepositoryProvider["name"]): RepositoryProvider {
  const provider = PROVIDERS.get(name);
  if (!provider) throw new Error(`no repository provider ${name}`);
  return provider;
}

/** The run that an edit of an entity becomes. */
export const editEntityRun = editEntity(repositoryProvider);
