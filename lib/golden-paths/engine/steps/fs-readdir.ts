import path from "node:path";
import { z } from "zod";
import { safeSegments } from "../safe-path";
import { stepAction } from "../step-action";

export const fsReaddir = stepAction({
  id: "fs:readdir",
  effect: "workspace",
  input: z.looseObject({
    paths: z.array(z.string("expected a path").min(1, "expected a path"), "expected a list of paths"),
    recursive: z.boolean("expected true or false").default(false),
  }),
  run: async ({ input, workspace }) => {
    const entries = await workspace.list({ folders: true });
    const found = input.paths.flatMap((folder) => {
      const prefix = safeSegments(folder)
        .map((segment) => `${segment}/`)
        .join("");
      const below = entries.filter((entry) => entry.startsWith(prefix) && entry !== prefix);
      return input.recursive ? below : below.filter((entry) => !entry.slice(prefix.length).replace(/\/$/, "").includes("/"));
    });
    const element = (entry: string) => ({ name: path.basename(entry), path: entry.replace(/\/$/, ""), fullPath: entry.replace(/\/$/, "") });
    return { files: found.filter((entry) => !entry.endsWith("/")).map(element), folders: found.filter((entry) => entry.endsWith("/")).map(element) };
  },
});
