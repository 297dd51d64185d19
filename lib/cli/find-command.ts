import { nearestName } from "@/lib/core/nearest-name";
import type { Command } from "./command";
import { columns } from "./table";

/** The help that lists commands. */
export function helpOf(program: string, commands: Command[]): string {
  const rows = commands.map(({ name, operand, summary }) => [operand ? `${name} <${operand}>` : name, summary]);
  return `Usage: ${program} <command> [options]

${columns(rows, "  ").join("\n")}

Everywhere: --json, --url URL, --help. WAYMARK_URL and WAYMARK_TOKEN take the place of \`login\`.
Exit codes: 0 done, 1 failed, 2 usage or invalid values, 3 not signed in, 4 refused, 5 unreachable.`;
}

/** What to say to words that are no command: the nearest one, and the help of those that begin alike, or of all. */
export function unknownCommand(program: string, words: string[], commands: Command[]): string {
  const [noun = "", verb] = words;
  const alike = commands.filter(({ name }) => name.startsWith(`${noun} `));
  const help = helpOf(program, alike.length ? alike : commands);
  if (alike.length && !verb) return `Say what to do with "${noun}".\n\n${help}`;
  const names = commands.map(({ name }) => name);
  const near = nearestName([noun, verb].filter(Boolean).join(" "), names) ?? nearestName(noun, names);
  const found = commands.find(({ name }) => name === near);
  const hint = found ? ` Did you mean \`${program} ${found.name}\`?` : "";
  return `There is no command "${[noun, verb].filter(Boolean).join(" ")}".${hint}\n\n${help}`;
}
