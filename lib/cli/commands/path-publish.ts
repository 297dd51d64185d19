import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Command } from "../command";
import { EXIT, Exit } from "../exit";
import { readPathFolder } from "../path-folder";
import { signedIn } from "../session";
import { print, printJson } from "../terminal";

export const pathPublish: Command = {
  name: "path publish",
  summary: "Publish a golden path's folder as a new version: the one its annotation waymark.dev/version names, else the next",
  operand: "folder",
  options: ["note"],
  required: ["note"],
  async run({ operand, options }) {
    const files = await readPathFolder(operand);
    const name = await nameOf(operand);
    const client = await signedIn(options.url);
    const published = await client.call<{ name: string; version: string; replaced: string | null }>("POST", `/api/v1/golden-paths/${encodeURIComponent(name)}/versions`, {
      files,
      note: options.note,
    });
    if (options.json) return printJson(published);
    print(`Published ${published.name} ${published.version}${published.replaced ? `, after ${published.replaced}` : ""}.`);
  },
};

/** `metadata.name` of template.yaml, as it is written on its line; the portal reads the file itself. */
async function nameOf(dir: string): Promise<string> {
  const text = await readFile(path.join(dir, "template.yaml"), "utf8").catch(() => "");
  const name = /^metadata:\s*\n(?:[ \t]+.*\n|\s*\n)*?[ \t]+name:[ \t]*["']?([a-z0-9-]+)["']?[ \t]*(?:#.*)?$/m.exec(text)?.[1];
  if (!name) throw new Exit(EXIT.usage, `${dir}/template.yaml names no path. Set metadata.name, such as node-express.`);
  return name;
}
