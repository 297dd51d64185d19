import type { DryRun, PathFinding, UploadedFile } from "@/lib/golden-paths/contract";
import { checkTtl, type Options } from "../arguments";
import type { Client } from "../client";
import type { Command } from "../command";
import { type Accepted, finish } from "../follow-environment";
import { readPairs } from "../golden-path-values";
import { interruptible } from "../interrupt";
import { printFindings, requireNoErrors } from "../path-findings";
import { readPathFolder } from "../path-folder";
import { signedIn } from "../session";
import { print, printJson, self, tell } from "../terminal";
import { readableWithLeft } from "../time";

interface Report {
  findings: PathFinding[];
  values: Record<string, unknown> | null;
  dryRun: DryRun | null;
}

export const pathTest: Command = {
  name: "path test",
  summary: "Check a golden path's folder and render it with its defaults or the given answers; with --run try it in an environment that is thrown away",
  operand: "folder",
  options: ["set", "run", "ttl", "team", "no-wait"],
  check: ({ run, ttl, team, "no-wait": noWait }) => (!run && (ttl ?? team ?? noWait) !== undefined ? "--ttl, --team and --no-wait belong to --run." : null),
  async run({ operand, options }) {
    checkTtl(options.ttl);
    const files = await readPathFolder(operand);
    const client = await signedIn(options.url);
    if (options.run) return tryOut(client, files, options);
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

async function tryOut(client: Client, files: UploadedFile[], options: Options): Promise<void> {
  const body = { files, values: Object.fromEntries(readPairs(options.set)), ttl: options.ttl, team: options.team };
  const accepted = await interruptible(
    (signal) => client.call<Accepted>("POST", "/api/v1/golden-path-test-runs", body, signal),
    () => `Stopped before the portal answered. \`${self()} env list\` shows whether it was accepted.`,
  );
  if (!options.json && !options["no-wait"]) tell(`Trying it as ${accepted.environment.name}`);
  const { environment, run } = accepted;
  await finish(client, { environment, run }, options, ({ name, url, id, expiresAt }) => {
    print(url ?? id);
    tell(`\nThe test run passed.${expiresAt ? ` ${name} ends ${readableWithLeft(expiresAt)}.` : ""} Earlier: ${self()} env delete ${name}`);
  });
}
