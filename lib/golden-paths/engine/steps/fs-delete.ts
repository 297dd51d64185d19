import { z } from "zod";
import { safeSegments } from "../safe-path";
import { stepAction } from "../step-action";

export const fsDelete = stepAction({
  id: "fs:delete",
  effect: "workspace",
  input: z.looseObject({ files: z.array(z.string("expected a path or pattern").min(1, "expected a path or pattern"), "expected a list of paths or patterns") }),
  run: async ({ input, workspace, renderer, log, signal }) => {
    for (const pattern of input.files) {
      signal.throwIfAborted();
      safeSegments(pattern);
      const { selected } = await renderer.ask("match", { paths: await workspace.list({ folders: true }), patterns: [pattern] }, { signal });
      for (const path of selected) await workspace.remove(path);
      log(selected.length > 0 ? `Deleted ${selected.join(", ")}.` : `Nothing matches ${pattern}.`);
    }
    return undefined;
  },
});
