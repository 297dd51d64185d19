import type { LogLine } from "@/lib/runs/contract";
import type { Command } from "../command";
import { interruptible } from "../interrupt";
import { signedIn } from "../session";
import { cleanLine, print, printJson } from "../terminal";
import { linesAfter, watchRun } from "../watch-run";

const show = (line: LogLine) => print(`${line.at} ${line.step ?? "-"} ${cleanLine(line.text)}`);

export const runLogs: Command = {
  name: "run logs",
  summary: "The log of a run; with --json one object per line",
  operand: "id",
  options: ["follow"],
  async run({ operand, options: { url, follow, json } }) {
    const client = await signedIn(url);
    const say = json ? printJson : show;
    if (!follow) {
      for await (const line of linesAfter(client, operand, 0)) say(line);
      return;
    }
    const watch = async (signal: AbortSignal) => {
      for await (const sighting of watchRun(client, operand, signal)) if ("line" in sighting) say(sighting.line);
    };
    await interruptible(watch, () => "The run goes on.");
  },
};
