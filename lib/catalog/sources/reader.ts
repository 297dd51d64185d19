import path from "node:path";

/** What came of reading one file. `missing`: it is not there; `problem`: it is, and cannot be taken. */
export type ReadText = { text: string } | { missing: true } | { problem: string; fix: string };

/** Where the target of a file leads: inside of the source, to an address, or nowhere that may be read. */
export type Target = { path: string } | { url: string } | { refused: string };

/** A place that catalog files are read from: a commit of a repository, an address. */
export interface SourceReader {
  /** Paths of all files, for patterns; null where the place cannot be listed. */
  list(): Promise<readonly string[] | null>;
  /** The texts of these files. Throws only when the place as a whole cannot be read. */
  read(paths: string[]): Promise<Map<string, ReadText>>;
  /** Where `target`, as the file `from` writes it, leads. */
  resolve(from: string, target: string): Target;
}

export const MAX_FILE_BYTES = 1_048_576;
export const TOO_LARGE = { problem: "The file is larger than 1 MB.", fix: "Split it or remove what is not needed." };

/** The bytes as text, or why they are none. */
export function textOf(bytes: Uint8Array): ReadText {
  if (bytes.length > MAX_FILE_BYTES) return TOO_LARGE;
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { problem: "The file is not UTF-8.", fix: "Save it as UTF-8." };
  }
}

const LEADS_OUT = "it leads out of the repository";

/**
 * A target in a file of a repository: relative to that file, from the root with a leading slash, or the address of a file on
 * the repository's own page. Never out of the repository.
 */
export function resolveInRepository(page: string, from: string, target: string): Target {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return onPage(page, target);
  if (target.includes("\\") || /[\u0000-\u001f]/.test(target)) return { refused: "it is no path of a repository" };
  const joined = target.startsWith("/") ? path.posix.normalize(target.slice(1)) : path.posix.normalize(path.posix.join(path.posix.dirname(from), target));
  if (joined === ".." || joined.startsWith("../") || path.posix.isAbsolute(joined)) return { refused: LEADS_OUT };
  return { path: joined };
}

function onPage(page: string, target: string): Target {
  if (!URL.canParse(target)) return { refused: "it is no address" };
  const url = new URL(target);
  if (url.protocol !== "https:" && url.protocol !== "http:") return { refused: "only https addresses are read" };
  const base = page.replace(/\/$/, "");
  const rest = `${url.origin}${url.pathname}`.toLowerCase().startsWith(`${base.toLowerCase()}/`) ? `${url.origin}${url.pathname}`.slice(base.length + 1) : null;
  const file = rest === null ? null : /^(?:-\/)?(?:blob|tree|raw|edit|src\/branch)\/[^/]+\/(.+)$/.exec(rest)?.[1];
  if (!file) return { url: url.href };
  const decoded = decodedPath(file);
  if (decoded === null) return { refused: "it is no address" };
  return decoded === ".." || decoded.startsWith("../") ? { refused: LEADS_OUT } : { path: decoded };
}

function decodedPath(text: string): string | null {
  try {
    return path.posix.normalize(decodeURIComponent(text)).replace(/^\/+/, "");
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
