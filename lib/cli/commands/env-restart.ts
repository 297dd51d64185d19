import type { Command } from "../command";
import { environmentId, environmentPath } from "../environment-id";
import { type Accepted, finish } from "../follow-environment";
import { signedIn } from "../session";
import { print } from "../terminal";

export const envRestart: Command = {
  name: "env restart",
  summary: "Stops and starts the process of an environment, with its current variables",
  operand: "name or id",
  options: ["no-wait"],
  async run({ operand, options }) {
    const client = await signedIn(options.url);
    const accepted = await client.call<Accepted>("POST", `${environmentPath(await environmentId(client, operand))}/restart`);
    await finish(client, accepted, options, ({ name, url }) => print(`${name} runs again${url ? ` at ${url}` : ""}`));
  },
};
