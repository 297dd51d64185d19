import type { Environment } from "@/lib/environments/contract";
import { checkName, checkTtl, type Options } from "../arguments";
import type { Client } from "../client";
import type { Command } from "../command";
import { type Accepted, finish } from "../follow-environment";
import { goldenPathValues, readPairs } from "../golden-path-values";
import { interruptible } from "../interrupt";
import { signedIn } from "../session";
import { factLines } from "../table";
import { print, self, tell } from "../terminal";
import { readableWithLeft } from "../time";

function sayReady(client: Client, environment: Environment): void {
  const { id, name, url, expiresAt } = environment;
  print(url ?? id);
  tell(expiresAt ? `\n${name} is ready. It ends ${readableWithLeft(expiresAt)}.` : `\n${name} is ready.`);
  const next = {
    Page: `${client.url}/environments/${encodeURIComponent(id)}`,
    Logs: `${self()} env logs ${name} --follow`,
    Longer: expiresAt ? `${self()} env extend ${name} --ttl 24h` : null,
    Delete: `${self()} env delete ${name}`,
  };
  tell(factLines(next, "  ").join("\n"));
}

const ONE_SOURCE = "Add --template, for example --template node-express, or --entity for an environment of a service.";

function checkSource({ template, entity }: Options): string | null {
  if (template === undefined && entity === undefined) return ONE_SOURCE;
  return template !== undefined && entity !== undefined ? `Not both at once. ${ONE_SOURCE}` : null;
}

/** What is undefined is left out of JSON, so the portal's defaults count. */
async function bodyOf(client: Client, options: Options, pairs: ReturnType<typeof readPairs>): Promise<Record<string, unknown>> {
  const { template, entity, ref, tier, ttl, name, team, "path-version": version } = options;
  if (template === undefined) return { entityRef: entity, ref, tier, ttl, name, team };
  return { goldenPath: template, version, ref, tier, ttl, name, team, values: await goldenPathValues(client, template, pairs) };
}

export const envCreate: Command = {
  name: "env create",
  summary: "Makes an isolated environment that ends by itself, waits until it is usable, prints its address",
  options: ["template", "entity", "ref", "tier", "ttl", "name", "team", "set", "path-version", "no-wait"],
  check: checkSource,
  async run({ options }) {
    checkTtl(options.ttl);
    checkName(options.name);
    const pairs = readPairs(options.set);
    const client = await signedIn(options.url);
    const accepted = await interruptible(
      async (signal) => client.call<Accepted>("POST", "/api/v1/environments", await bodyOf(client, options, pairs), signal),
      () => `Stopped before the portal answered. \`${self()} env list\` shows whether it was accepted.`,
    );
    if (!options.json && !options["no-wait"]) tell(`Creating ${accepted.environment.name}`);
    await finish(client, accepted, options, (environment) => sayReady(client, environment));
  },
};
