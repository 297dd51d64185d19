import { gitText } from "./run";

// Git over HTTPS with a token. It travels in the environment of the one process, bound to one origin: it is never an argument,
// never in an address, never on disk.

const TRANSFER_MS = 5 * 60_000;
const FETCH = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance"];

export interface Transfer {
  /** The bare repository on this machine. */
  dir: string;
  cloneUrl: string;
  signal?: AbortSignal;
}

export interface Access {
  /** The only origin that the token goes to. */
  origin: string;
  user: string;
  token: string;
  /** The checked address that the host's name stands for; resolved by git itself when left out. */
  address?: string | undefined;
}

/** Runs git against the repository elsewhere and returns what it prints. Throws GitFailure; an Error for an address at another origin. */
export async function gitWithToken({ dir, cloneUrl, signal }: Transfer, { origin, user, token, address }: Access, args: string[]): Promise<string> {
  if (new URL(cloneUrl).origin !== origin) throw new Error(`${cloneUrl} is not at ${origin}, where the token belongs`);
  const settings = [
    [`http.${origin}/.extraHeader`, `Authorization: Basic ${Buffer.from(`${user}:${token}`).toString("base64")}`],
    ["http.followRedirects", "false"],
    ["http.lowSpeedLimit", "100"],
    ["http.lowSpeedTime", "30"],
    ...(address ? [["http.curloptResolve", pinned(cloneUrl, address)]] : []),
  ];
  const env = Object.fromEntries(settings.flatMap(([name = "", value = ""], index) => [[`GIT_CONFIG_KEY_${index}`, name] as const, [`GIT_CONFIG_VALUE_${index}`, value] as const]));
  return gitText(args, { dir, deadlineMs: TRANSFER_MS, env: { ...env, GIT_CONFIG_COUNT: String(settings.length) }, ...(signal ? { signal } : {}) });
}

/** `http.curloptResolve`: the name of the address stands for this one alone. */
export function pinned(url: string, address: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname.replace(/^\[|\]$/g, "")}:${port || (protocol === "https:" ? 443 : 80)}:${address.includes(":") ? `[${address}]` : address}`;
}

/** Runs one git command of the adapter, explaining its failures; `doing` completes "… did not …". */
type Talk = (doing: string, args: string[]) => Promise<string>;

/** What is done with branches of a repository elsewhere, whoever hosts it. */
export function remoteBranches(cloneUrl: string, talk: Talk) {
  const branchOf = (branch: string) => `refs/heads/${branch}`;
  return {
    /** The commit of a branch; null while there is none. */
    async tip(branch: string): Promise<string | null> {
      const text = await talk(`read the branches of ${cloneUrl}`, ["ls-remote", "--quiet", "--", cloneUrl, branchOf(branch)]);
      return /^([0-9a-f]{40})\t/.exec(text)?.[1] ?? null;
    },
    /** Pushes a commit as a branch, never over another commit. */
    async push(commit: string, branch: string): Promise<void> {
      await talk(`push to ${cloneUrl}`, ["push", "--quiet", "--no-verify", "--", cloneUrl, `${commit}:${branchOf(branch)}`]);
    },
    /** Makes a branch another commit, only while it is still at `from`. */
    async replace({ commit, branch, from }: { commit: string; branch: string; from: string }): Promise<void> {
      const lease = `--force-with-lease=${branchOf(branch)}:${from}`;
      await talk(`push to ${cloneUrl}`, ["push", "--quiet", "--no-verify", lease, "--", cloneUrl, `${commit}:${branchOf(branch)}`]);
    },
    /** Brings the commits of a branch here, beside the local branches. */
    async fetchBranch(branch: string): Promise<void> {
      await talk(`fetch ${cloneUrl}`, [...FETCH, "--", cloneUrl, `+${branchOf(branch)}:refs/remotes/elsewhere/${branch}`]);
    },
    /** Brings the branches and tags of the local copy to what is there. */
    async fetchAll(): Promise<void> {
      const refs = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];
      await talk(`fetch ${cloneUrl}`, [...FETCH, "--prune", "--", cloneUrl, ...refs]);
    },
  };
}
export type RemoteBranches = ReturnType<typeof remoteBranches>;
