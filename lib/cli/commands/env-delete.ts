import type { Command } from "../command";
import { environmentId, environmentPath } from "../environment-id";
import { type Accepted, finish } from "../follow-environment";
import { signedIn } from "../session";
import { print, tell } from "../terminal";

export const envDelete: Command = {
  name: "env delete",
  summary: "Removes an environment and all that belongs to it; may be repeated",
  operand: "name or id",
  options: ["no-wait"],
  async run({ operand, options }) {
    const client = await signedIn(options.url);
    const accepted = await client.call<Accepted>("DELETE", environmentPath(await environmentId(client, operand, true)));
    await finish(client, accepted, options, ({ id, name, status }) => {
      print(`${name} is ${status}`);
      if (status === "deleted") tell(`What was removed: ${client.url}/environments/${encodeURIComponent(id)}?tab=receipt`);
    });
  },
};
