import { type OptionName, type Options, specOf } from "./arguments";
import { EXIT, Exit } from "./exit";
import { columns } from "./table";
import { print } from "./terminal";

export interface Command {
  /** As it is typed, for example `env create`. */
  name: string;
  summary: string;
  /** What the word after the name stands for; commands without one take no further word. */
  operand?: string;
  /** It takes one or more of them. */
  many?: true;
  /** Beside --json, --url and --help, which every command has. */
  options: OptionName[];
  required?: OptionName[];
  /** What is wrong with the options taken together, or null. */
  check?(options: Options): string | null;
  run(call: { operand: string; operands: string[]; options: Options }): Promise<void>;
}

const EVERYWHERE: OptionName[] = ["json", "url", "help"];
const written = (name: OptionName) => [`--${name}`, specOf(name).value].filter(Boolean).join(" ");

/** The line that shows how a command is typed. */
function usageOf({ name, operand, many, options, required = [] }: Command, program = ""): string {
  const parts = options.map((option) => (required.includes(option) ? written(option) : `[${written(option)}]${specOf(option).many ? "…" : ""}`));
  return [program, name, operand ? `<${operand}>${many ? "…" : ""}` : "", ...parts].filter(Boolean).join(" ");
}

function helpOf(command: Command, program: string): string {
  const rows = [...command.options, ...EVERYWHERE].map((option) => [written(option), specOf(option).help]);
  return [`Usage: ${usageOf(command, program)}`, "", `${command.summary}.`, "", ...columns(rows, "  ")].join("\n");
}

/** Runs a command with the words after its name, or prints its help. Throws Exit 2 for what it does not take. */
export async function runCommand(command: Command, program: string, words: string[], options: Options): Promise<void> {
  if (options.help) return print(helpOf(command, program));
  const how = `\n\nUsage: ${usageOf(command, program)}`;
  const foreign = Object.keys(options).find((name) => ![...command.options, ...EVERYWHERE].some((own) => own === name));
  if (foreign) throw new Exit(EXIT.usage, `\`${[program, command.name].filter(Boolean).join(" ")}\` has no option --${foreign}.${how}`);
  const [operand, extra] = command.operand ? words : [undefined, words[0]];
  if (extra !== undefined && !command.many) throw new Exit(EXIT.usage, `"${extra}" is one word too many.${how}`);
  if (command.operand && !operand) throw new Exit(EXIT.usage, `Name the ${command.operand}.${how}`);
  for (const name of command.required ?? [])
    if (options[name] === undefined) throw new Exit(EXIT.usage, `Add --${name}${specOf(name).example ? `, for example --${name} ${specOf(name).example}` : ""}.${how}`);
  const wrong = command.check?.(options);
  if (wrong) throw new Exit(EXIT.usage, `${wrong}${how}`);
  await command.run({ operand: operand ?? "", operands: words, options });
}
