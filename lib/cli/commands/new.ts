import type { GoldenPath, Service, ServiceDryRun } from "@/lib/golden-paths/contract";
import type { RepositoryProviderName } from "@/lib/repositories/contract";
import type { Run } from "@/lib/runs/contract";
import type { Options } from "../arguments";
import type { Client } from "../client";
import type { Command } from "../command";
import { EXIT, Exit } from "../exit";
import { followRun, howToFollow } from "../follow-run";
import { goldenPathValues, readPairs } from "../golden-path-values";
import { interruptible } from "../interrupt";
import { requireSuccess } from "../outcome";
import { Refused } from "../problem";
import { signedIn } from "../session";
import { factLines } from "../table";
import { print, printJson, tell } from "../terminal";

interface Accepted {
  service: Service;
  run: Run;
}

type Started = Accepted | { run: Run };

// Only the type of the contract: its checks would come along into the program.
const PROVIDERS = Object.keys({ waymark: 1, github: 1, gitlab: 1, gitea: 1, bitbucket: 1, azure: 1 } satisfies Record<RepositoryProviderName, 1>);

function sayDryRun({ files, made, team, goldenPath, calls }: ServiceDryRun): void {
  for (const file of files) print(file.path);
  const service = made ? { Repository: `${made.repository} (${made.provider})`, Catalog: made.entityRef } : {};
  const facts = { ...service, Owner: team, Path: `${goldenPath.name} ${goldenPath.version}` };
  tell(`\nNothing was made. It would be:\n${factLines(facts, "  ").join("\n")}`);
  for (const { call, detail } of calls) tell(`  ${call}  ${detail}`);
}

const evidence = (run: Run, title: string) => run.outcome?.evidence.find((one) => one.title === title)?.url ?? null;

function sayReady(client: Client, { service }: Accepted, run: Run): void {
  const clone = evidence(run, "Clone address");
  print(clone ?? service.entityRef);
  tell(`\n${service.name} is ready.`);
  const page = (path: string | null) => (path ? new URL(path, client.url).href : null);
  tell(factLines({ Clone: clone ? `git clone ${clone}` : null, Repository: page(evidence(run, "Repository")), Service: page(evidence(run, "Service")) }, "  ").join("\n"));
}

/** A path that makes no service: its run is all there is. */
async function finishRun(client: Client, { run }: { run: Run }, { json = false, "no-wait": noWait }: Options): Promise<void> {
  if (noWait) {
    if (json) return printJson({ run });
    print(run.id);
    return tell(howToFollow(client, run.id));
  }
  const ended = await followRun(client, run.id, json);
  if (json) printJson({ run: ended });
  requireSuccess(client.url, ended);
  if (json) return;
  tell(ended.outcome?.summary ?? "Done");
  for (const { url } of ended.outcome?.evidence ?? []) print(url);
}

async function finish(client: Client, accepted: Accepted, { json = false, "no-wait": noWait }: Options): Promise<void> {
  if (noWait) {
    if (json) return printJson(accepted);
    print(accepted.service.entityRef);
    return tell(`Accepted as run ${accepted.run.id}. ${howToFollow(client, accepted.run.id)}`);
  }
  if (!json) tell(`Creating ${accepted.service.name}`);
  const ended = await followRun(client, accepted.run.id, json);
  const cloneUrl = evidence(ended, "Clone address") ?? accepted.service.repository.cloneUrl;
  if (json) printJson({ service: { ...accepted.service, repository: { ...accepted.service.repository, cloneUrl } }, run: ended });
  requireSuccess(client.url, ended);
  if (!json) sayReady(client, accepted, ended);
}

interface Order {
  operand: string;
  version: string | undefined;
  team: string | undefined;
  provider: string | undefined;
  values: Record<string, unknown>;
}

async function start(client: Client, { operand, provider, ...order }: Order, signal: AbortSignal): Promise<Started> {
  const path = `/api/v1/golden-paths/${encodeURIComponent(operand)}`;
  const makes = await client.call<GoldenPath>("GET", path, undefined, signal).then(
    (found) => found.makes,
    (error) => {
      // A token that may create and not read, or an unknown path: the portal says so when asked to create.
      if (error instanceof Refused && [403, 404].includes(error.problem.status)) return "service";
      throw error;
    },
  );
  if (makes === "change") return client.call<Started>("POST", `${path}/runs`, order, signal);
  return client.call<Started>("POST", "/api/v1/services", { goldenPath: operand, provider, ...order }, signal);
}

/** The golden path was given by its name alone, so that is what an error about it speaks of. */
async function named<T>(operand: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof Refused ? error.speakingOf({ goldenPath: operand, name: operand }) : error;
  }
}

export const newService: Command = {
  name: "new",
  operand: "golden-path",
  summary: "Makes a service: repository with first commit, registered in the catalog; waits and prints the clone address",
  options: ["set", "team", "provider", "path-version", "dry-run", "no-wait"],
  async run({ operand, options }) {
    const { team, provider, "path-version": version } = options;
    if (provider !== undefined && !PROVIDERS.includes(provider)) throw new Exit(EXIT.usage, `--provider: Choose one of ${PROVIDERS.join(", ")}.`);
    const pairs = readPairs(options.set);
    const client = await signedIn(options.url);
    const path = encodeURIComponent(operand);
    if (options["dry-run"]) {
      const values = await goldenPathValues(client, operand, pairs);
      const shown = await named(operand, client.call<ServiceDryRun>("POST", `/api/v1/golden-paths/${path}/dry-run`, { version, values, team, provider }));
      return options.json ? printJson(shown) : sayDryRun(shown);
    }
    const accepted = await interruptible(
      async (signal) => named(operand, start(client, { operand, version, team, provider, values: await goldenPathValues(client, operand, pairs) }, signal)),
      () => "Stopped before the portal answered. The Runs page shows whether it was accepted.",
    );
    await ("service" in accepted ? finish(client, accepted, options) : finishRun(client, accepted, options));
  },
};
