import type { Environment } from "@/lib/environments/contract";
import type { Command } from "../command";
import { environmentId, environmentPath } from "../environment-id";
import { signedIn } from "../session";
import { factLines } from "../table";
import { print, printJson } from "../terminal";
import { readable, readableWithLeft } from "../time";

export const envShow: Command = {
  name: "env show",
  summary: "One environment, also for 30 days after its deletion",
  operand: "name or id",
  options: [],
  async run({ operand, options }) {
    const client = await signedIn(options.url);
    const one = await client.call<Environment>("GET", environmentPath(await environmentId(client, operand, true)));
    if (options.json) return printJson(one);
    const facts = {
      Name: one.name,
      Id: one.id,
      Status: one.statusReason ? `${one.status}: ${one.statusReason}` : one.status,
      Health: one.status === "ready" ? [one.health.state, one.health.reason].filter(Boolean).join(": ") : null,
      Address: one.url,
      "Golden path": one.goldenPath && `${one.goldenPath.name} ${one.goldenPath.version}`,
      Owner: one.ownerName,
      Team: one.team,
      Isolation: one.isolation && `${one.isolation.level}, network ${one.isolation.network}, limits ${one.isolation.limits}`,
      Created: readable(one.createdAt),
      Ends: one.expiresAt && !one.deletedAt ? readableWithLeft(one.expiresAt) : null,
      Deleted: one.deletedAt && readable(one.deletedAt),
      Page: `${client.url}/environments/${encodeURIComponent(one.id)}`,
    };
    for (const line of factLines(facts)) print(line);
  },
};
