import type { Environment } from "@/lib/environments/contract";
import type { Client } from "./client";
import { EXIT, Exit } from "./exit";
import { self } from "./terminal";

export const environmentPath = (id: string) => `/api/v1/environments/${encodeURIComponent(id)}`;

/** The id of an environment that was named by id or name; with `orDeleted` also of the last deleted one of that name. Throws Exit 1. */
export async function environmentId(client: Client, text: string, orDeleted = false): Promise<string> {
  if (text.startsWith("env_")) return text;
  const named = async (query: Record<string, string>) => {
    const { items } = await client.call<{ items: Environment[] }>("GET", `/api/v1/environments?${new URLSearchParams({ q: text.slice(0, 100), limit: "200", ...query })}`);
    return items.find((one) => one.name === text);
  };
  const found = (await named({})) ?? (orDeleted ? await named({ status: "deleted" }) : undefined);
  if (found) return found.id;
  throw new Exit(EXIT.failed, `There is no ${orDeleted ? "" : "living "}environment "${text}" that you may see. \`${self()} env list\` shows them.`);
}
