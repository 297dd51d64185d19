import type { DryRun, PathFinding } from "@/lib/golden-paths/contract";
import type { Command } from "../command";
import { readPairs } from "../golden-path-values";
import { printFindings, requireNoErrors } from "../path-findings";
import { readPathFolder } from "../path-folder";
import { signedIn } from "../session";
import { print, printJson, tell } from "../terminal";

interface Report {
  findings: PathFinding[];
  values: Record<string, unknown> | null;
  dryRun: DryRun | null;
}

export const pathTest: Command = {
  name: "path test",
  summary: "Check a golden path's folder and render it with its defaults or the given answers; nothing is kept",
  operand: "folder",
  options: ["set"],
  async run({ operand, options }) {
    const files = await readPathFolder(operand);
    const client = await signedIn(options.url);
    const report = await client.call<Report>("POST", "/api/v1/golden-path-tests", { files, values: Object.fromEntries(readPairs(options.set)) });
    if (options.json) printJson(report);
    else printFindings(report.findings);
    requireNoErrors(report.findings);
    if (options.json || !report.dryRun) return;
    for (const { level, text } of report.dryRun.log) print(level === "info" ? `  ${text}` : `  ${level}: ${text}`);
    for (const { path, bytes } of report.dryRun.files) print(`${path} (${bytes} bytes)`);
    tell(`Rendered ${report.dryRun.files.length} files in ${report.dryRun.durationMs} ms with ${JSON.stringify(report.values)}.`);
  },
};
