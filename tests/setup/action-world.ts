import type { z } from "zod";
import { db } from "@/db/client";
import type { ActionDefinition } from "@/lib/actions/contract";
import { createAction, publishAction } from "@/lib/actions/mutations";
import { registerEntities } from "@/lib/catalog/mutations";
import { databaseNow } from "@/lib/core/ctx";
import { aPerson, aTeam, type SignedIn, signedIn } from "./people";

export interface Cast {
  ada: SignedIn;
  olga: SignedIn;
  bo: SignedIn;
  max: SignedIn;
  pat: SignedIn;
}

/** Teams checkout and search with their people, and the services checkout-api and search-api in the catalog. */
export async function theCast(): Promise<Cast> {
  await aTeam("commerce");
  await aTeam("checkout", "commerce");
  await aTeam("search", "commerce");
  const person = async (...args: Parameters<typeof aPerson>) => signedIn(await aPerson(...args));
  const cast = {
    ada: await person("ada", { teams: { checkout: "member" } }),
    olga: await person("olga", { teams: { checkout: "owner" } }),
    bo: await person("bo", { teams: { search: "member" } }),
    max: await person("max", { role: "manager", teams: { commerce: "member" } }),
    pat: await person("pat", { role: "platform-admin" }),
  };
  for (const team of ["checkout", "search"]) await aService(`${team}-api`, team);
  return cast;
}

export async function aService(name: string, team: string): Promise<string> {
  const text = `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\nspec:\n  type: service\n  lifecycle: production\n  owner: group:default/${team}\n`;
  const now = await databaseNow();
  const source = { type: "upload" as const, label: "test" };
  const { refused } = await db().transaction((tx) => registerEntities(tx, { text, file: "catalog-info.yaml", source, registeredBy: null, by: null, now }));
  if (refused.length > 0) throw new Error(JSON.stringify(refused));
  return `component:default/${name}`;
}

export type DefinitionInput = z.input<typeof ActionDefinition>;

/** An action with a webhook back end, for a component. */
export const webhookDefinition = (url: string, more: Partial<DefinitionInput> = {}): DefinitionInput => ({
  title: "Purge cache",
  description: "Empties the cache of a service.",
  target: { kind: "component", types: ["service"] },
  whoMayRun: "team-members",
  inputs: {
    type: "object",
    properties: { region: { type: "string", title: "Region", enum: ["eu", "us"], default: "eu" }, key: { type: "string", title: "Key", "ui:widget": "password" } },
  },
  backEnd: { type: "webhook", url },
  ...more,
});

/** Publishes an action and returns its signing secret. */
export async function publish(pat: SignedIn, name: string, definition: DefinitionInput): Promise<string> {
  const { secret } = await createAction(pat, { name, definition });
  await publishAction(pat, { name, note: "First version." });
  return secret;
}
