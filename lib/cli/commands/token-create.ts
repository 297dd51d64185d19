import { checkTtl } from "../arguments";
import type { Command } from "../command";
import { onHost } from "../host";
import { printJson } from "../terminal";

export const tokenCreate: Command = {
  name: "token create",
  summary: "On the server's own machine: makes a token that acts as a person, prints only that",
  options: ["as", "scopes", "ttl"],
  required: ["as"],
  async run({ options: { as, scopes = "read", ttl = "1d", json } }) {
    checkTtl(ttl);
    const made = await onHost<{ token: string; expiresAt: string }>(["token-create", `--as=${as}`, `--scopes=${scopes}`, `--ttl=${ttl}`]);
    if (json) printJson(made);
    else process.stdout.write(`${made.token}\n`);
  },
};
