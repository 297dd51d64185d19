import path from "node:path";

// Repositories of many templates keep what these share beside them: `url: ../../skeletons/catalog-info`. A golden path is one folder,
// so that what its template fetches from above is copied into it, and the template names the copy.

/** The value of `url:` in YAML, where it leads out of the template's folder. */
const URL_ABOVE = /((?:^[ \t]*(?:-[ \t]+)?|[{,][ \t]*)url:[ \t]*)(["']?)(\.\.\/[^\s"'#,}]+)\2/gm;

export interface FolderAbove {
  /** As the template writes it. */
  url: string;
  /** The folder or file, from the root of the repository. */
  from: string;
}

/** Where the copy of a file of the repository lies in the golden path. */
export const copyOf = (name: string): string => `from-repository/${name}`;

/** What of `urls` leads out of a template's folder and stays in its repository. `folder` is told from the repository's root. */
export function foldersAbove(urls: string[], folder: string): FolderAbove[] {
  return [...new Set(urls)].flatMap((url) => {
    const from = path.posix.join(folder, url).replace(/\/$/, "");
    return !url.startsWith("../") || from === "." || from === ".." || from.startsWith("../") ? [] : [{ url, from }];
  });
}

/** All that a template's text writes behind `url:` and that leads out of its folder. */
export const urlsAbove = (template: string): string[] => [...template.matchAll(URL_ABOVE)].flatMap(([, , , url]) => url ?? []);

/** The template with the copies in the places of what they were copied from; the rest of its text stays as it is. */
export function namingCopies(template: string, copied: FolderAbove[]): string {
  return template.replace(URL_ABOVE, (line, key: string, quote: string, url: string) => {
    const found = copied.find((one) => one.url === url);
    return found ? `${key}${quote}./${copyOf(found.from)}${quote}` : line;
  });
}
