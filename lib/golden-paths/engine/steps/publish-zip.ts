import { z } from "zod";
import { DomainError } from "@/lib/core/errors";
import type { TemplateFiles } from "../../archive";
import { writeZip } from "../../archives/zip";
import { safeSegments } from "../safe-path";
import { stepAction } from "../step-action";

const MAX_BYTES = 1024 * 1024;

/** The files as an archive to download, for people who want no repository. A link of the output that has it is offered by the run's page. */
export const publishZip = stepAction({
  id: "publish:zip",
  effect: "workspace",
  input: z.looseObject({ sourcePath: z.string("expected a path").optional() }),
  run: async ({ input, workspace, log }) => {
    const below = safeSegments(input.sourcePath ?? "")
      .map((segment) => `${segment}/`)
      .join("");
    const files: TemplateFiles = new Map();
    for (const file of (await workspace.list()).filter((name) => name.startsWith(below)))
      files.set(file.slice(below.length), { content: await workspace.read(file), mode: await workspace.mode(file) });
    if (files.size === 0) throw new DomainError("invalid", `There are no files in ${input.sourcePath ?? "the workspace"} to be packed.`);
    const archive = writeZip(files, null);
    if (archive.length > MAX_BYTES) throw new DomainError("invalid", "The archive is larger than 1 MB. Name a folder with sourcePath, or publish a repository.");
    log(`Packed ${files.size} files, ${Math.ceil(archive.length / 1024)} kB.`);
    return { dataUri: `${ZIP_DATA}${archive.toString("base64")}` };
  },
});

/** How an archive begins that is given on as text. */
export const ZIP_DATA = "data:application/zip;base64,";
