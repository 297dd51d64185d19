import type { Ability, GuardrailReport, GuardrailResult, Verdict } from "@/lib/guardrails/contract";
import type { Client } from "../client";
import type { Command } from "../command";
import { environmentId } from "../environment-id";
import { EXIT, Exit } from "../exit";
import { readPairs } from "../golden-path-values";
import { signedIn } from "../session";
import { columns } from "../table";
import { print, printJson, tell } from "../terminal";

/** The same list as the contract's; it is repeated here so that the command line stays small, and a test compares the two. */
export const CHECKED_ABILITIES: Ability[] = ["environment.create", "environment.extend", "environment.deploy", "service.create", "golden-path.run", "action.run"];

const WORDS: Record<Verdict, string> = { passes: "passes", refuses: "REFUSES", warns: "warns", excepted: "let through", open: "open" };
const isOneOf = (text: string): text is Ability => CHECKED_ABILITIES.some((one) => one === text);

/** `ttl=96h` is a field of the request, `values.region=eu` an answer; true, false and numbers are meant as such among answers. */
function inputOf(pairs: [string, string][]): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  const values: Record<string, unknown> = {};
  for (const [key, value] of pairs) {
    if (key.startsWith("values.")) values[key.slice("values.".length)] = /^(true|false|-?\d+(\.\d+)?)$/.test(value) ? JSON.parse(value) : value;
    else input[key] = key === "rollback" ? value === "true" : value;
  }
  return Object.keys(values).length ? { ...input, values } : input;
}

/** Environments may be given by name. */
async function withIds(client: Client, ability: Ability, input: Record<string, unknown>): Promise<Record<string, unknown>> {
  if (!["environment.extend", "environment.deploy"].includes(ability) || typeof input.id !== "string") return input;
  return { ...input, id: await environmentId(client, input.id) };
}

const said = ({ verdict, message, fix, undecided, exception }: GuardrailResult): string => {
  if (verdict === "passes") return "";
  if (verdict === "open") return `waits: ${undecided}`;
  if (verdict === "excepted") return `until ${exception?.until.slice(0, 10)}: ${exception?.reason}`;
  return `${message} ${fix}`;
};

export const guardrailCheck: Command = {
  name: "guardrail check",
  summary: "Asks the guardrails before anything is sent; ends with 4 where one would refuse",
  operand: "ability",
  options: ["set"],
  async run({ operand, options }) {
    if (!isOneOf(operand)) throw new Exit(EXIT.usage, `There is no ability "${operand}" that guardrails watch. There are: ${CHECKED_ABILITIES.join(", ")}.`);
    const input = inputOf(readPairs(options.set));
    const client = await signedIn(options.url);
    const report = await client.call<GuardrailReport>("POST", `/api/v1/guardrails/check/${operand}`, await withIds(client, operand, input));
    if (options.json) printJson(report);
    else if (report.results.length === 0) tell(`No guardrail watches ${operand} for this team.`);
    else for (const line of columns(report.results.map((result) => [WORDS[result.verdict], result.name, said(result)]))) print(line);
    if (report.outcome !== "refused") return;
    const refusals = report.results.filter(({ verdict }) => verdict === "refuses");
    throw new Exit(EXIT.refused, refusals.map(({ name, message, fix }) => `${message} ${fix} (guardrail ${name})`).join("\n"));
  },
};
