import { readArguments } from "./arguments";
import { runCommand } from "./command";
import { envCreate } from "./commands/env-create";
import { runMain } from "./run";
import { print } from "./terminal";
import { VERSION } from "./version";

const PROGRAM = "create-sandbox";

await runMain(async () => {
  const { words, options } = readArguments(process.argv.slice(2));
  const { version, ...rest } = options;
  if (version) return print(`${PROGRAM} ${VERSION}`);
  await runCommand({ ...envCreate, name: "", options: ["template", "ttl", "name", "team", "set", "path-version", "no-wait"], required: ["template"] }, PROGRAM, words, rest);
});
