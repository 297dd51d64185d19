import { reportImport, requireNoRefusal, sendToCatalog } from "../catalog-import";
import type { Command } from "../command";
import { signedIn } from "../session";
import { printJson } from "../terminal";

const command = (isCheck: boolean): Command["run"] =>
  async function run({ operands, options }) {
    const client = await signedIn(options.url);
    const result = await sendToCatalog(client, operands, { isCheck, json: options.json ?? false, team: options.team });
    if (options.json) printJson(result);
    else reportImport(result);
    requireNoRefusal(result);
  };

export const catalogImport: Command = {
  name: "catalog import",
  summary: "Takes catalog-info.yaml files into the catalog: files, folders, addresses",
  operand: "file|url|dir",
  many: true,
  options: ["team"],
  run: command(false),
};

export const catalogCheck: Command = {
  name: "catalog check",
  summary: "Says what an import would do, and changes nothing; ends with 1 when a document would be refused",
  operand: "file|url|dir",
  many: true,
  options: ["team"],
  run: command(true),
};
