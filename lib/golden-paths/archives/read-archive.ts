import { DomainError } from "@/lib/core/errors";
import type { TemplateFiles } from "../archive";
import { readTarGz } from "./tar";
import { readZip } from "./zip";

const TEMPLATE = /(^|\/)template\.ya?ml$/i;

/**
 * The golden path in a .zip or .tar.gz: the folder of the outermost template.yaml becomes the root, as in archives of a
 * repository. Throws DomainError("invalid").
 */
export async function readArchive(data: Buffer): Promise<TemplateFiles> {
  if (data.length === 0) throw new DomainError("invalid", "The archive is empty. Send a .zip or .tar.gz of the path's folder.");
  if (data[0] === 0x1f && data[1] === 0x8b) return pathRoot(await readTarGz(data));
  if (data[0] === 0x50 && data[1] === 0x4b) return pathRoot(await readZip(data));
  throw new DomainError("invalid", "This is neither a .zip nor a .tar.gz archive. Pack the folder of the golden path as one of them.");
}

/** The files below the outermost folder that holds a template.yaml; `Template.yaml` and `template.yml` are renamed to it. */
export function pathRoot(files: TemplateFiles): TemplateFiles {
  const depth = (path: string) => path.split("/").length;
  const templates = [...files.keys()].filter((path) => TEMPLATE.test(path)).sort((a, b) => depth(a) - depth(b));
  const [first, second] = templates;
  if (first === undefined) throw new DomainError("invalid", "There is no template.yaml in it. A golden path is a folder with a Backstage template.yaml at its root.");
  if (second !== undefined && depth(second) === depth(first))
    throw new DomainError("invalid", `There are several templates in it (${first}, ${second}). Send the folder of one of them.`);
  const root = first.slice(0, first.lastIndexOf("/") + 1);
  const below = [...files].filter(([path]) => path.startsWith(root));
  return new Map(below.map(([path, file]) => [path === first ? "template.yaml" : path.slice(root.length), file]));
}
