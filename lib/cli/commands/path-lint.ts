import type { PathCheck } from "@/lib/golden-paths/contract";
import type { Command } from "../command";
import { printFindings, requireNoErrors } from "../path-findings";
import { readPathFolder } from "../path-folder";
import { signedIn } from "../session";
import { printJson, tell } from "../terminal";

export const pathLint: Command = {
  name: "path lint",
  summary: "Check a golden path's folder as the editor does: remarks by file and line",
  operand: "folder",
  options: [],
  async run({ operand, options }) {
    const files = await readPathFolder(operand);
    const client = await signedIn(options.url);
    const check = await client.call<PathCheck>("POST", "/api/v1/golden-path-checks", { files });
    if (options.json) printJson(check);
    else printFindings(check.findings);
    requireNoErrors(check.findings);
    if (!options.json) tell(`${files.length} files, ${check.findings.length} remarks, ${check.concepts.length} concepts to know. It can be published.`);
  },
};
