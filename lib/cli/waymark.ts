import { readArguments } from "./arguments";
import { runCommand } from "./command";
import { COMMANDS } from "./commands";
import { EXIT, Exit } from "./exit";
import { helpOf, unknownCommand } from "./find-command";
import { runMain } from "./run";
import { print } from "./terminal";
import { VERSION } from "./version";

const PROGRAM = "waymark";

await runMain(async () => {
  const { words, options } = readArguments(process.argv.slice(2));
  const { version, ...rest } = options;
  if (version) return print(`${PROGRAM} ${VERSION}`);
  const command = COMMANDS.find(({ name }) => name === words.slice(0, name.split(" ").length).join(" "));
  if (command) return runCommand(command, PROGRAM, words.slice(command.name.split(" ").length), rest);
  const group = COMMANDS.filter(({ name }) => words.length === 1 && name.startsWith(`${words[0]} `));
  if (options.help && (words.length === 0 || group.length)) return print(helpOf(PROGRAM, group.length ? group : COMMANDS));
  throw new Exit(EXIT.usage, words.length ? unknownCommand(PROGRAM, words, COMMANDS) : helpOf(PROGRAM, COMMANDS));
});
