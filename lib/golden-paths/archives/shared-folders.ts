import path from "node:path";
import { isDomainError } from "@/lib/core/errors";
import { parseDefinition } from "../definition";
import { fetchedFolder } from "../lint/step-rules";

// Repositories of many templates keep what these share beside them: `url: ../../skeletons/catalog-info`. A golden path is one folder,
// so that what its template fetches from above is copied into it, and the template names the copy.

export interface SharedFolder {
  /** As the template writes it. */
  url: string;
  /** The folder or file in the repository. */
  from: string;
}

/** Where the copy of a file of the repository lies in the golden path. */
export const copyOf = (name: string): string => `from-repository/${name}`;

/** What a template in a folder of a repository fetches from beside or above that folder; nothing for a template that cannot be read. */
export function sharedFolders(template: string, folder: string): SharedFolder[] {
  const urls = fetchedFolders(template).filter((url) => url.startsWith("../"));
  return [...new Set(urls)].flatMap((url) => {
    const from = path.posix.join(folder, url).replace(/\/$/, "");
    return from === "." || from === ".." || from.startsWith("../") ? [] : [{ url, from }];
  });
}

function fetchedFolders(template: string): string[] {
  try {
    return parseDefinition(template).spec.steps.flatMap((step) => fetchedFolder(step) ?? []);
  } catch (error) {
    if (isDomainError(error)) return [];
    throw error;
  }
}

/** The template with the copies in the places of what they were copied from; the rest of its text stays as it is. */
export function namingCopies(template: string, shared: SharedFolder[]): string {
  return template.replace(/((?:^[ \t]*(?:-[ \t]+)?|[{,][ \t]*)url:[ \t]*)(["']?)(\.\.\/[^\s"'#,}]+)\2/gm, (line, key: string, quote: string, url: string) => {
    const found = shared.find((one) => one.url === url);
    return found ? `${key}${quote}./${copyOf(found.from)}${quote}` : line;
  });
}
