/** A whole object id. */
export const SHA = /^[0-9a-f]{40}$/;
/** What people paste: at least seven digits of an object id. */
export const SHORT_SHA = /^[0-9a-f]{7,40}$/;

export const ZERO_SHA = "0".repeat(40);

/** Owner or name of a repository: safe in addresses and on every file system, never an option. */
export const REPOSITORY_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** True if the text may be an owner or a name: not reserved, not ending as git's own addresses do. */
export function isRepositoryName(text: string): boolean {
  return REPOSITORY_NAME.test(text) && !/\.(git|lock|wiki)$/i.test(text) && !text.includes("..");
}

/** True for the refs that people may push: branches and tags, with names that git and our addresses take. */
export function isPushableRef(ref: string): boolean {
  return /^refs\/(heads|tags)\/[^\s~^:?*[\\\x00-\x1f\x7f]{1,200}$/.test(ref) && !/\.\.|@\{|\/\/|\/\.|\.lock(\/|$)|\/$|\.$/.test(ref);
}

/** `main` for refs/heads/main, `v1` for refs/tags/v1. */
export const shortRef = (ref: string): string => ref.replace(/^refs\/(heads|tags)\//, "");
