import type { Command } from "../command";
import { onHost } from "../host";
import { print, printJson } from "../terminal";

export const adminGrant: Command = {
  name: "admin grant",
  summary: "On the server's own machine: makes a person platform admin",
  operand: "subject or email",
  options: [],
  async run({ operand, options }) {
    const granted = await onHost<{ handle: string }>(["admin-grant", "--", operand]);
    if (options.json) printJson(granted);
    else print(`${granted.handle} is platform admin`);
  },
};
