import { z } from "zod";
import { stepAction } from "../step-action";

const path = z.string("expected a path").min(1, "expected a path");

export const fsRename = stepAction({
  id: "fs:rename",
  effect: "workspace",
  input: z.looseObject({
    files: z.array(z.looseObject({ from: path, to: path, overwrite: z.boolean("expected true or false").optional() }), "expected a list of { from, to }"),
  }),
  run: async ({ input, workspace, log, signal }) => {
    for (const { from, to, overwrite } of input.files) {
      signal.throwIfAborted();
      await workspace.move(from, to, overwrite ?? false);
      log(`Renamed ${from} to ${to}.`);
    }
    return undefined;
  },
});
