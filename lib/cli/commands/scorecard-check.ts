import type { CheckResult, EntityScorecard } from "@/lib/scorecards/contract";
import type { Command } from "../command";
import { EXIT, Exit } from "../exit";
import { signedIn } from "../session";
import { columns } from "../table";
import { print, printJson, tell } from "../terminal";

const REF = /^(?:([^:/]+):)?(?:([^:/]+)\/)?([^:/]+)$/;
const WORDS = { pass: "passes", fail: "FAILS", unknown: "unknown", ejected: "left on purpose", exempt: "exempt" };

const seen = ({ observed, reason }: CheckResult): string =>
  reason ?? observed.map(({ path, value, isWithheld }) => `${path} = ${isWithheld ? "(team only)" : value === undefined ? "not known" : JSON.stringify(value)}`).join(", ");

/** Whether a level of a scorecard is reached; null where it has no level of this name. */
function reaches({ levels, level }: EntityScorecard, wanted: string): boolean | null {
  const at = levels.findIndex(({ name, title }) => name === wanted || title.toLowerCase() === wanted.toLowerCase());
  return at === -1 ? null : level.index > at;
}

/** Throws Exit 2 where no scorecard has the level, Exit 1 where one is not reached. */
function requireLevel(cards: EntityScorecard[], wanted: string, ref: string): void {
  const told = cards.map((card) => ({ card, isReached: reaches(card, wanted) })).filter(({ isReached }) => isReached !== null);
  if (told.length === 0) {
    const known = [...new Set(cards.flatMap(({ levels }) => levels.map(({ name }) => name)))];
    throw new Exit(EXIT.usage, `No scorecard of ${ref} has a level "${wanted}".${known.length ? ` There are: ${known.join(", ")}.` : ""}`);
  }
  const short = told
    .filter(({ isReached }) => !isReached)
    .map(
      ({ card }) =>
        `${card.title}: ${card.level.title}. Missing: ${card.checks
          .filter(({ state }) => state === "fail" || state === "unknown")
          .map(({ title }) => title)
          .join("; ")}`,
    );
  if (short.length > 0) throw new Exit(EXIT.failed, `${ref} does not reach ${wanted}. ${short.join("\n")}`);
}

export const scorecardCheck: Command = {
  name: "scorecard check",
  summary: "How an entity stands to its scorecards; with --level it ends with 1 when that is not reached",
  operand: "ref",
  options: ["level", "scorecard"],
  async run({ operand, options }) {
    const [, kind, namespace, name] = REF.exec(operand) ?? [];
    if (!name) throw new Exit(EXIT.usage, `"${operand}" is no reference. Write kind:namespace/name, for example component:default/checkout-api.`);
    const client = await signedIn(options.url);
    const path = [kind ?? "component", namespace ?? "default", name].map(encodeURIComponent).join("/");
    const { items } = await client.call<{ items: EntityScorecard[] }>("GET", `/api/v1/entities/${path}/scorecards`);
    const cards = options.scorecard ? items.filter((one) => one.name === options.scorecard) : items;
    if (options.scorecard && cards.length === 0) throw new Exit(EXIT.usage, `No scorecard "${options.scorecard}" applies to ${operand}.`);
    if (options.json) printJson({ items: cards });
    else if (cards.length === 0) tell(`No scorecard applies to ${operand}.`);
    else for (const card of cards) printCard(card);
    if (options.level) requireLevel(cards, options.level, operand);
  },
};

function printCard(card: EntityScorecard): void {
  print(`${card.title}: ${card.level.title}`);
  const rows = card.checks.map((check) => [card.levels.find((level) => level.name === check.level)?.title ?? check.level, WORDS[check.state], check.title, seen(check)]);
  for (const line of columns(rows, "  ")) print(line);
  const [next] = card.next;
  if (next) print(`  Next: ${next.title} (usually ${{ small: "minutes", medium: "hours", large: "days" }[next.effort]})`);
}
