import { DomainError } from "../core/errors";

export const GITHUB_API = "https://api.github.com";

export type GithubAuth = { type: "app"; appId: string; privateKey: string } | { type: "token"; token: string };

/** Everything that is needed to speak to GitHub for one owner. Holds secrets: never log it, never send it to a page. */
export interface GithubConnection {
  /** `https://api.github.com`, or `https://HOST/api/v3` of a GitHub Enterprise Server; no trailing slash. */
  apiUrl: string;
  /** Organisation, or person, that repositories are made for. */
  owner: string;
  auth: GithubAuth;
}

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** The address without a trailing slash. Throws DomainError("invalid") unless it is https, or http on this machine. */
export function parseApiUrl(text: string): string {
  const parsed = URL.canParse(text) ? new URL(text) : null;
  const isAllowed = parsed?.protocol === "https:" || (parsed?.protocol === "http:" && LOOPBACK.has(parsed.hostname));
  if (!parsed || !isAllowed || parsed.username || parsed.password || parsed.search || parsed.hash) {
    throw new DomainError("invalid", `Enter an https:// address such as ${GITHUB_API}, or https://github.example.com/api/v3 for GitHub Enterprise Server.`);
  }
  return `${parsed.origin}${parsed.pathname.replace(/\/+$/, "")}`;
}

/** Origin of the pages and of git: github.com for the public API, the same host for Enterprise Server. */
export function webOrigin(apiUrl: string): string {
  const { origin } = new URL(apiUrl);
  return origin === GITHUB_API ? "https://github.com" : origin;
}
