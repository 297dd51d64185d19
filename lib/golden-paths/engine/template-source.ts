import { DomainError } from "@/lib/core/errors";
import type { TemplateFile, TemplateFiles } from "../archive";
import { safeSegments } from "./safe-path";

/** The files of the folder that a step's `url` names, by their path inside it. Throws DomainError("invalid"). */
export function filesBelow(files: TemplateFiles, url: string): Map<string, TemplateFile> {
  if (/^[a-z][a-z0-9+.-]*:/i.test(url))
    throw new DomainError("invalid", `Only folders beside template.yaml can be fetched, such as ./skeleton; ${url} is an address. Copy its files into the golden path.`);
  const prefix = safeSegments(url)
    .map((segment) => `${segment}/`)
    .join("");
  const below = [...files].filter(([name]) => name.startsWith(prefix) && (prefix !== "" || name !== "template.yaml"));
  if (below.length === 0) throw new DomainError("invalid", `The golden path has no files in ${url}. Check the url of the step against the folder's name.`);
  return new Map(below.map(([name, file]) => [name.slice(prefix.length), file]));
}
