import type { TelemetryCheck } from "@/lib/telemetry/contract";
import type { Command } from "../command";
import { environmentId, environmentPath } from "../environment-id";
import { EXIT, Exit } from "../exit";
import { signedIn } from "../session";
import { factLines } from "../table";
import { print, printJson } from "../terminal";

export const envTelemetry: Command = {
  name: "env telemetry",
  summary: "Whether an environment's traces, metrics and log records arrive, and why not; ends with 1 when they should and do not",
  operand: "name or id",
  options: [],
  async run({ operand, options }) {
    const client = await signedIn(options.url);
    const id = await environmentId(client, operand);
    const check = await client.call<TelemetryCheck>("GET", `${environmentPath(id)}/telemetry?test=1`);
    if (options.json) printJson(check);
    else {
      print(check.summary);
      if (check.nextAction) print(check.nextAction);
      for (const line of factLines(Object.fromEntries(check.parts.map(({ name, state, detail }) => [name, `${state === "unknown" ? "" : `${state}: `}${detail}`])), "  "))
        print(line);
      print(`${client.url}/environments/${encodeURIComponent(id)}?tab=telemetry`);
    }
    if (check.state === "silent") throw new Exit(EXIT.failed, "");
  },
};
