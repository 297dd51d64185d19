import { isDomainError } from "../core/errors";
import { pinnedAddress } from "../core/safe-fetch";
import { gitWithToken, type RemoteBranches, remoteBranches, type Transfer } from "../git/remote-with-token";
import { GitFailure } from "../git/run";
import { hostAdapter } from ".";
import type { HostConnection } from "./client";
import { HOST_WORDS } from "./contract";
import { HostFailure, type HostProblem } from "./failure";

/** Branches of a repository at the host. Git connects to the address that was checked. Its functions throw HostFailure. */
export function hostBranches(connection: HostConnection, at: Transfer): RemoteBranches {
  return remoteBranches(at.cloneUrl, async (doing, args) => {
    try {
      const { origin } = new URL(connection.url);
      const address = await pinnedAddress(at.cloneUrl);
      return await gitWithToken(at, { origin, user: hostAdapter(connection.kind).gitUser(connection), token: connection.token, address }, args);
    } catch (error) {
      throw explained(error, doing, HOST_WORDS[connection.kind].title);
    }
  });
}

interface Rule {
  pattern: RegExp;
  problem: HostProblem;
  reason: string;
  whoCanFix: "you" | "platform-team";
  nextAction: string;
}

const RULES: Rule[] = [
  {
    pattern: /protected branch|pre-receive hook declined|TF40\d+|not allowed to push/i,
    problem: "conflict",
    reason: "a rule there forbids to push to the branch",
    whoCanFix: "platform-team",
    nextAction: "Let the token's account push to it, or lift the rule, then retry.",
  },
  {
    pattern: /error: 403|denied|not permitted/i,
    problem: "missing-permission",
    reason: "the token may not write to the repository",
    whoCanFix: "platform-team",
    nextAction: "Give the token the rights that Integrations names, then retry.",
  },
  {
    pattern: /Authentication failed|could not read (Username|Password)|error: 401/i,
    problem: "bad-credentials",
    reason: "it does not accept the token",
    whoCanFix: "platform-team",
    nextAction: "Enter a valid token on Integrations, then retry.",
  },
  {
    pattern: /not found|error: 404|error: 30\d|redirect/i,
    problem: "not-found",
    reason: "the repository is not there, was moved, or the token may not see it",
    whoCanFix: "platform-team",
    nextAction: "Check the name and what the token may see, then retry.",
  },
  {
    pattern: /non-fast-forward|fetch first|\[rejected\]|stale info/i,
    problem: "conflict",
    reason: "the branch has other commits",
    whoCanFix: "you",
    nextAction: "Look at the repository there; choose another name if it is not yours.",
  },
  {
    pattern: /Could not resolve host|Failed to connect|Connection refused|SSL certificate|unable to get local issuer/i,
    problem: "unreachable",
    reason: "it cannot be reached over HTTPS",
    whoCanFix: "platform-team",
    nextAction: "Check network, proxy and certificates from the portal, then retry.",
  },
];

function explained(error: unknown, doing: string, title: string): unknown {
  if (isDomainError(error)) {
    const problem = error.code === "invalid" ? "invalid" : "unreachable";
    return new HostFailure(
      { problem, cause: `${title} did not ${doing}: ${error.message}`, whoCanFix: "platform-team", nextAction: "Check the address on Integrations, then retry." },
      { cause: error },
    );
  }
  if (!(error instanceof GitFailure)) return error;
  const rule = RULES.find(({ pattern }) => pattern.test(error.stderr));
  if (rule) {
    const { problem, reason, whoCanFix, nextAction } = rule;
    return new HostFailure({ problem, cause: `${title} did not ${doing}: ${reason}.`, whoCanFix, nextAction }, { cause: error });
  }
  const nextAction = "Retry: what was pushed already is found and not pushed twice.";
  const cause = `Waymark could not ${doing}: the connection broke or ${title} failed.`;
  return new HostFailure({ problem: "unavailable", cause, whoCanFix: "provider", nextAction, mayHaveHappened: true }, { cause: error });
}
