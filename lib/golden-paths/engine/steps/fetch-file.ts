import { z } from "zod";
import { DomainError } from "@/lib/core/errors";
import type { TemplateFile, TemplateFiles } from "../../archive";
import { RenderFailure } from "../renderer";
import { safeSegments } from "../safe-path";
import { stepAction } from "../step-action";

const File = z.looseObject({ url: z.string("expected a file such as ./ci.yml"), targetPath: z.string("expected a path").min(1, "expected a path") });
const FROM_HERE = { token: "only files beside template.yaml are fetched" };
const flag = z.boolean("expected true or false").default(false);

export const fetchPlainFile = stepAction({
  id: "fetch:plain:file",
  ignored: FROM_HERE,
  effect: "workspace",
  input: File,
  run: async ({ input, workspace, files, log }) => {
    const { content, mode } = fileAt(files, input.url);
    await workspace.write(input.targetPath, content, mode, true);
    log(`Copied ${input.url} to ${input.targetPath}.`);
    return undefined;
  },
});

export const fetchTemplateFile = stepAction({
  id: "fetch:template:file",
  ignored: FROM_HERE,
  effect: "workspace",
  input: File.extend({ values: z.record(z.string(), z.unknown()).default({}), cookiecutterCompat: flag, replace: flag, trimBlocks: flag, lstripBlocks: flag }),
  run: async ({ input, workspace, files, renderer, log, signal }) => {
    const { url, targetPath, values, replace, cookiecutterCompat, trimBlocks, lstripBlocks } = input;
    const source = fileAt(files, url).content.toString("utf8");
    const request = { sources: [source], context: { [cookiecutterCompat ? "cookiecutter" : "values"]: values }, options: { cookiecutterCompat, trimBlocks, lstripBlocks } };
    try {
      const { texts } = await renderer.ask("texts", request, { signal });
      const isWritten = await workspace.write(targetPath, Buffer.from(texts[0] ?? ""), 0o644, replace);
      log(isWritten ? `Wrote ${targetPath} from ${url}.` : `Left ${targetPath}, which was there already.`);
      return undefined;
    } catch (error) {
      if (!(error instanceof RenderFailure)) throw error;
      throw new DomainError("invalid", `${url} cannot be rendered: ${error.message}`, { cause: error });
    }
  },
});

function fileAt(files: TemplateFiles, url: string): TemplateFile {
  if (/^[a-z][a-z0-9+.-]*:/i.test(url))
    throw new DomainError("invalid", `Only files beside template.yaml can be fetched, such as ./ci.yml; ${url} is an address. Copy it into the golden path.`);
  const file = files.get(safeSegments(url).join("/"));
  if (!file) throw new DomainError("invalid", `The golden path has no file ${url}. Check the url of the step against the file's name.`);
  return file;
}
