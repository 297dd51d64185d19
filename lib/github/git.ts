import { gitWithToken, remoteBranches, type Transfer } from "../git/remote-with-token";
import { GitFailure } from "../git/run";
import type { GithubClient } from "./client";
import { GithubFailure, type GithubProblem } from "./failure";

// Git over HTTPS to GitHub: the shared way (lib/git/remote-with-token.ts) with what GitHub's refusals mean.

/** The commit of a remote branch; null while there is none. Throws GithubFailure. */
export const remoteTip = (client: GithubClient, at: Transfer, branch: string): Promise<string | null> => on(client, at).tip(branch);

/** Pushes a commit as a branch, never over another commit. Throws GithubFailure. */
export const pushCommit = (client: GithubClient, at: Transfer, commit: string, branch: string): Promise<void> => on(client, at).push(commit, branch);

/** Makes a branch another commit, only while it is still at `from`. Throws GithubFailure, `conflict` where somebody pushed. */
export const replaceBranch = (client: GithubClient, at: Transfer, change: { commit: string; branch: string; from: string }): Promise<void> => on(client, at).replace(change);

/** Brings the commits of a remote branch here, beside the local branches. Throws GithubFailure. */
export const fetchBranch = (client: GithubClient, at: Transfer, branch: string): Promise<void> => on(client, at).fetchBranch(branch);

/** Brings the branches and tags of the local copy to what GitHub has. Throws GithubFailure. */
export const fetchAll = (client: GithubClient, at: Transfer): Promise<void> => on(client, at).fetchAll();

const on = (client: GithubClient, at: Transfer) => remoteBranches(at.cloneUrl, (doing, args) => talk(client, at, doing, args));

async function talk(client: GithubClient, at: Transfer, doing: string, args: string[]): Promise<string> {
  if (new URL(at.cloneUrl).origin !== client.webUrl) {
    throw new GithubFailure({
      problem: "invalid",
      cause: `Waymark did not ${doing}: the address is not at ${client.webUrl}, and the connection's token goes nowhere else.`,
      whoCanFix: "platform-team",
      nextAction: "Check the API address on Integrations, then retry.",
    });
  }
  const token = await client.gitToken();
  try {
    return await gitWithToken(at, { origin: client.webUrl, user: "x-access-token", token }, args);
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    throw explainGit(error, doing, client);
  }
}

interface Rule {
  pattern: RegExp;
  problem: GithubProblem;
  reason: string;
  whoCanFix: "you" | "platform-team" | "provider";
  nextAction: string;
  permissions?: string[];
}

const RULES: Rule[] = [
  {
    pattern: /without [`']?workflows?[`']? (permission|scope)/i,
    problem: "missing-permission",
    reason: "the connection lacks the permission Workflows (read and write), which .github/workflows needs",
    whoCanFix: "platform-team",
    nextAction: "Grant Workflows (read and write) to the App, or the scope workflow to the token, then retry.",
    permissions: ["workflows=write"],
  },
  {
    pattern: /PUSH PROTECTION|GH009/i,
    problem: "invalid",
    reason: "its push protection found something that looks like a secret in the files",
    whoCanFix: "platform-team",
    nextAction: "Remove the secret from the golden path's files, then start again.",
  },
  {
    pattern: /GH013|GH006|protected branch|rule violations/i,
    problem: "conflict",
    reason: "a rule of the organisation forbids to push to the branch",
    whoCanFix: "platform-team",
    nextAction: "Let the App bypass that ruleset (Settings, Rules, Bypass list), then retry.",
  },
  {
    pattern: /GH001|exceeds.*(file size|limit)|pack exceeds/i,
    problem: "invalid",
    reason: "a file is too large for it",
    whoCanFix: "platform-team",
    nextAction: "Make the golden path's files smaller.",
  },
  {
    pattern: /archived/i,
    problem: "archived",
    reason: "the repository is archived and can only be read",
    whoCanFix: "platform-team",
    nextAction: "Unarchive it on GitHub, then retry.",
  },
  {
    pattern: /error: 403|Write access.*not granted|Permission to .* denied/i,
    problem: "missing-permission",
    reason: "the connection lacks the permission Contents (read and write)",
    whoCanFix: "platform-team",
    nextAction: "Grant Contents (read and write), accept it for the organisation, then retry.",
    permissions: ["contents=write"],
  },
  {
    pattern: /Authentication failed|could not read (Username|Password)|error: 401/i,
    problem: "bad-credentials",
    reason: "it does not accept the token",
    whoCanFix: "platform-team",
    nextAction: "Enter a valid token or key on Integrations, then retry.",
  },
  {
    pattern: /not found|error: 404/i,
    problem: "not-found",
    reason: "the repository is not there, or the connection may not see it",
    whoCanFix: "platform-team",
    nextAction: "Check that the App is installed for all repositories, then retry.",
  },
  {
    pattern: /error: 30\d|redirect/i,
    problem: "not-found",
    reason: "the repository was renamed or moved",
    whoCanFix: "you",
    nextAction: "Give the repository its name back, or register the new one.",
  },
  {
    pattern: /non-fast-forward|fetch first|\[rejected\]|stale info/i,
    problem: "conflict",
    reason: "the branch has other commits",
    whoCanFix: "you",
    nextAction: "Look at the repository on GitHub; choose another name if it is not yours.",
  },
  {
    pattern: /Could not resolve host|Failed to connect|Connection refused|SSL certificate|unable to get local issuer/i,
    problem: "unreachable",
    reason: "it cannot be reached over HTTPS",
    whoCanFix: "platform-team",
    nextAction: "Check network, proxy and certificates from the portal to GitHub, then retry.",
  },
];

function explainGit(error: GitFailure, doing: string, { webUrl }: GithubClient): GithubFailure {
  const rule = RULES.find(({ pattern }) => pattern.test(error.stderr));
  if (rule) {
    const { problem, reason, whoCanFix, nextAction, permissions = [] } = rule;
    return new GithubFailure({ problem, cause: `${new URL(webUrl).host} did not ${doing}: ${reason}.`, whoCanFix, nextAction, permissions }, { cause: error });
  }
  return new GithubFailure(
    {
      problem: "unavailable",
      cause: `Waymark could not ${doing}: the connection broke or GitHub failed.`,
      whoCanFix: "provider",
      nextAction: "Retry: what was pushed already is found and not pushed twice.",
      mayHaveHappened: true,
    },
    { cause: error },
  );
}
