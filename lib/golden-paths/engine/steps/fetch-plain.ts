import { z } from "zod";
import { stepAction } from "../step-action";
import { filesBelow } from "../template-source";

export const fetchPlain = stepAction({
  id: "fetch:plain",
  ignored: { token: "only files beside template.yaml are fetched" },
  effect: "workspace",
  input: z.looseObject({ url: z.string("expected a folder such as ./content"), targetPath: z.string("expected a path").default("./") }),
  run: async ({ input, workspace, files, log, signal }) => {
    const source = filesBelow(files, input.url);
    for (const [name, { content, mode }] of source) {
      signal.throwIfAborted();
      await workspace.write(`${input.targetPath || "."}/${name}`, content, mode, true);
    }
    log(`Copied ${source.size} files from ${input.url}.`);
    return undefined;
  },
});
