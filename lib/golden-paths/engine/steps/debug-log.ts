import { isUtf8 } from "node:buffer";
import { z } from "zod";
import { stepAction } from "../step-action";

const MAX_SHOWN = 4_000;

export const debugLog = stepAction({
  id: "debug:log",
  effect: "workspace",
  input: z.looseObject({
    message: z.string("expected text").optional(),
    listWorkspace: z.union([z.boolean(), z.enum(["with-filenames", "with-contents"])], "expected true, false, with-filenames or with-contents").optional(),
  }),
  run: async ({ input, workspace, log }) => {
    if (input.message) log(input.message);
    if (!input.listWorkspace) return undefined;
    const files = await workspace.list();
    log(`${files.length} files:`);
    for (const file of files) {
      log(`  ${file}`);
      if (input.listWorkspace === "with-contents") log(shown(await workspace.read(file)));
    }
    return undefined;
  },
});

function shown(content: Buffer): string {
  if (!isUtf8(content)) return "    (not text)";
  const text = content.toString("utf8");
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}\n    (${text.length - MAX_SHOWN} more characters)` : text;
}
