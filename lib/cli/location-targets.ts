// The command line carries no YAML parser: what Locations name is read by its usual spellings. It only decides which files are sent
// along; the portal reads the documents itself and says which targets did not come.

const LOCATION = /^kind:\s*["']?Location["']?\s*(?:#.*)?$/m;

const plain = (text: string) => text.replace(/\s+#.*$/, "").replace(/^\s*["']?|["']?\s*$/g, "");

/** What the Location documents of a file name beside or below it: paths and patterns, as they are written; no addresses. */
export function locationTargets(text: string): string[] {
  const documents = text.replaceAll("\r\n", "\n").split(/^---.*$/m);
  return documents
    .filter((document) => LOCATION.test(document))
    .flatMap(listed)
    .map(plain)
    .filter((target) => target !== "" && !/^[a-z][a-z0-9+.-]*:/i.test(target));
}

function listed(document: string): string[] {
  const targets: string[] = [];
  let isInList = false;
  for (const line of document.split("\n")) {
    const [, key, value = ""] = /^[ \t]+(targets?):(.*)$/.exec(line) ?? [];
    const item = isInList ? /^[ \t]*-[ \t]+(.+)$/.exec(line)?.[1] : undefined;
    if (item !== undefined) targets.push(item);
    else if (/^\s*(?:#.*)?$/.test(line)) continue;
    else isInList = key === "targets" && plain(value) === "";
    if (key === "target") targets.push(value);
    if (key === "targets") targets.push(...(/^\s*\[(.*)\]/.exec(value)?.[1]?.split(",") ?? []));
  }
  return targets;
}

const SIGNS: Record<string, string> = { "**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]" };

/** Whether a path is the one that is named, or matches its pattern: `*` and `?` within a name, `**` for any folders. */
export function matcherOf(pattern: string): (name: string) => boolean {
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*\*\/|\*\*|\*|\?/g, (sign) => SIGNS[sign] ?? sign);
  const expression = new RegExp(`^${source}$`);
  return (name) => expression.test(name);
}
