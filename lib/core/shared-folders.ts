const ANNOTATION = /^\s+waymark\.dev\/shared:\s*["']?([\w, -]+?)["']?\s*$/m;
const NAME = /^[a-z0-9][a-z0-9-]*$/i;

/** Names of the folders beside a golden path's own that its template.yaml shares with others; they are published as part of it, each below its name. */
export function sharedFolders(templateText: string): string[] {
  const [, list = ""] = ANNOTATION.exec(templateText) ?? [];
  return list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => NAME.test(name));
}
