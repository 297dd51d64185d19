import type { Environment } from "@/lib/environments/contract";
import { checkTtl } from "../arguments";
import type { Command } from "../command";
import { environmentId, environmentPath } from "../environment-id";
import { signedIn } from "../session";
import { print, printJson } from "../terminal";
import { readableWithLeft } from "../time";

export const envExtend: Command = {
  name: "env extend",
  summary: "Gives an environment a new time to live, counted from now",
  operand: "name or id",
  options: ["ttl"],
  required: ["ttl"],
  async run({ operand, options }) {
    checkTtl(options.ttl);
    const client = await signedIn(options.url);
    const environment = await client.call<Environment>("PATCH", environmentPath(await environmentId(client, operand)), { ttl: options.ttl });
    if (options.json) return printJson(environment);
    print(`${environment.name} ends ${environment.expiresAt ? readableWithLeft(environment.expiresAt) : "never"}`);
  },
};
