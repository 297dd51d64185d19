import { readFile } from "node:fs/promises";
import type { LoadHistoryInput } from "@/lib/metrics/contract";
import type { Run } from "@/lib/runs/contract";
import type { Options } from "../arguments";
import type { Command } from "../command";
import { EXIT, Exit } from "../exit";
import { followRun, howToFollow } from "../follow-run";
import { requireSuccess } from "../outcome";
import { signedIn } from "../session";
import { print, printJson, tell } from "../terminal";

const GITHUB = /^github:/i;

function placeOf({ from, repository }: Options): Partial<LoadHistoryInput> {
  if (from === undefined) return repository ? { repository } : {};
  if (GITHUB.test(from)) return { source: "github", repository: repository ?? from.replace(GITHUB, "") };
  return { source: "address", address: from, ...(repository ? { repository } : {}) };
}

async function deploymentsOf(options: Options): Promise<Partial<LoadHistoryInput>> {
  if (options["github-deployments"]) return { deployments: "github" };
  if (options.list === undefined) {
    // As on the page, one text may hold several patterns: 'v*, !*-rc*'.
    return options.tags ? { tags: options.tags.flatMap((one) => one.split(/[\s,]+/).filter(Boolean)) } : {};
  }
  try {
    return { deployments: "list", list: await readFile(options.list, "utf8") };
  } catch (error) {
    throw new Exit(EXIT.usage, `${options.list} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export const deliveryBackfill: Command = {
  name: "delivery backfill",
  summary: "Load a service's past into the figures: commits from git, deployments from tags, a list or GitHub; the same again changes nothing",
  operand: "service",
  options: ["from", "repository", "tags", "list", "github-deployments", "environment", "since", "dry-run", "no-wait"],
  check({ tags, list, "github-deployments": github }) {
    return [tags, list, github].filter((one) => one !== undefined).length > 1 ? "Say once where the deployments come from: --tags, --list or --github-deployments." : null;
  },
  async run({ operand, options }) {
    const client = await signedIn(options.url);
    const { environment, since } = options;
    const body = {
      service: operand,
      ...placeOf(options),
      ...(await deploymentsOf(options)),
      ...(environment ? { environment } : {}),
      ...(since ? { since } : {}),
      dryRun: options["dry-run"] ?? false,
    };
    const { run } = await client.call<{ run: Run }>("POST", "/api/v1/delivery-history", body);
    if (options["no-wait"]) {
      if (options.json) return printJson({ run });
      print(run.id);
      return tell(howToFollow(client, run.id));
    }
    const ended = await followRun(client, run.id, options.json ?? false);
    if (options.json) printJson({ run: ended });
    requireSuccess(client.url, ended);
    if (!options.json && ended.outcome) print(ended.outcome.summary);
  },
};
