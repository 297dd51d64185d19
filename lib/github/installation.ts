import type { Octokit } from "@octokit/rest";
import { explain } from "./explain";
import { GithubFailure, isGithubFailure } from "./failure";

export interface Installation {
  id: number;
  account: string;
  permissions: Record<string, string>;
  repositorySelection: "all" | "selected";
  isSuspended: boolean;
  settingsUrl: string;
}

/** Where the App is installed for an organisation or a person. Throws GithubFailure `not-installed`, or what GitHub refused. */
export async function findInstallation(asApp: Octokit, owner: string, connection: { apiUrl: string }): Promise<Installation> {
  const asked = { auth: "app" as const, apiUrl: connection.apiUrl, doing: `find the App's installation for ${owner}` };
  for (const find of [() => asApp.rest.apps.getOrgInstallation({ org: owner }), () => asApp.rest.apps.getUserInstallation({ username: owner })]) {
    try {
      const { data } = await find();
      return {
        id: data.id,
        account: owner,
        permissions: data.permissions as Record<string, string>,
        repositorySelection: data.repository_selection,
        isSuspended: Boolean(data.suspended_at),
        settingsUrl: data.html_url,
      };
    } catch (error) {
      const failure = explain(error, asked);
      if (!isGithubFailure(failure, "not-found")) throw failure;
    }
  }
  throw new GithubFailure({
    problem: "not-installed",
    cause: `The GitHub App is not installed for ${owner}.`,
    whoCanFix: "platform-team",
    nextAction: `Install it for ${owner} with access to all repositories (the App's page, Install App), then retry.`,
  });
}
