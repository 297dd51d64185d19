import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { type SurveyNode, surveyAnswers, surveys } from "@/db/schema";
import { newId } from "@/lib/core/id";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, type SignedIn, signedIn } from "@/tests/setup/people";
import { type Cell, type GroupResult, K } from "./contract";
import { DEFAULT_ITEMS, LIBRARY, type Question, questionsIn } from "./contract-items";
import { publishResults } from "./jobs";
import { bandOf } from "./nps";
import { cellsOf } from "./publish";
import { getResults } from "./queries";
import { isSafe } from "./suppression";

// Somebody who may read everything that is published adds and subtracts it, over all items and months, to find few people.

interface Person {
  node: string;
  answers: Record<string, string>;
}
interface Month {
  tree: SurveyNode[];
  people: Person[];
}

const slowedBy = LIBRARY.find(({ item }) => item === "slowed-by") as Question;
const QUESTIONS = [...questionsIn(DEFAULT_ITEMS, "2026-05"), { ...slowedBy, options: slowedBy.options.slice(0, 2) }];
/** Every cell that a survey of these questions publishes, with the values that people give. */
const CELLS: Record<string, string[]> = {
  score: ["0", "3", "6", "7", "8", "9", "10"],
  hours: ["half-1", "1-2", "over-4", "none"],
  outcome: ["1", "4", "5"],
  "slowed-by:builds": ["yes", "no"],
};

/** Trees of up to eight groups, people at any of them, each answering some items; `alike` people all say the first value. */
const months: fc.Arbitrary<Month> = fc
  .array(
    fc.record({
      parent: fc.nat(),
      people: fc.array(fc.record({ answers: fc.array(fc.nat(), { minLength: 4, maxLength: 4 }), skips: fc.nat(15) }), { maxLength: 11 }),
      alike: fc.boolean(),
    }),
    {
      minLength: 2,
      maxLength: 8,
    },
  )
  .map((groups) => {
    const people = groups.flatMap(({ people: some, alike }, i) =>
      some.map(({ answers, skips }): Person => {
        const given = Object.entries(CELLS).flatMap(([item, values], at) => ((skips >> at) & 1 ? [] : [[item, values[alike ? 0 : (answers[at] ?? 0) % values.length] ?? ""]]));
        return { node: i === 0 ? "org" : `g${i}`, answers: Object.fromEntries(given) };
      }),
    );
    const parents = groups.map(({ parent }, i) => (i === 0 ? null : parent % i === 0 ? "org" : `g${parent % i}`));
    const isWithin = (id: string | null, top: string): boolean => id !== null && (id === top || isWithin(parents[id === "org" ? 0 : Number(id.slice(1))] ?? null, top));
    const tree = groups.map((_, i): SurveyNode => {
      const id = i === 0 ? "org" : `g${i}`;
      return { id, ref: null, name: id, title: id, parentId: parents[i] ?? null, asked: people.filter(({ node }) => isWithin(node, id)).length };
    });
    return { tree, people };
  });

function membersOf({ tree, people }: Month, top: string): Set<number> {
  const parents = new Map(tree.map((node) => [node.id, node.parentId]));
  const isWithin = (id: string | null): boolean => id !== null && (id === top || isWithin(parents.get(id) ?? null));
  return new Set(people.flatMap(({ node }, i) => (isWithin(node) ? [i] : [])));
}

interface Known {
  /** Who answered the item in the cell, by number: what the attacker wants to make small. */
  who: Set<number>;
}

/** Every set of people that repeated subtraction of what is known can isolate, up to a limit. */
function derivable(cells: Known[]): Set<number>[] {
  const key = (who: Set<number>) => [...who].sort((a, b) => a - b).join();
  const found = new Map(cells.map(({ who }) => [key(who), who]));
  for (let grew = true; grew && found.size < 400; ) {
    grew = false;
    const all = [...found.values()];
    for (const a of all) {
      for (const b of all) {
        if (b.size >= a.size || b.size === 0 || [...b].some((one) => !a.has(one))) continue;
        const rest = new Set([...a].filter((one) => !b.has(one)));
        if (found.has(key(rest))) continue;
        found.set(key(rest), rest);
        grew = true;
      }
    }
  }
  return [...found.values()];
}

/** Throws when what is shown of one item lets somebody isolate fewer than k people, or people who all but agree. */
function requireSafe(month: Month, item: string, k: number, shown: Pick<Cell, "node" | "n" | "counts">[]): void {
  const answered = (who: Set<number>) => new Set([...who].filter((one) => month.people[one]?.answers[item] !== undefined));
  const known = shown.map(({ node, n, counts }) => {
    const who = answered(membersOf(month, node));
    expect(n).toBe(who.size);
    expect(Object.values(counts ?? {}).reduce((a, b) => a + b, 0)).toBe(who.size);
    return { who };
  });
  for (const who of derivable(known)) {
    const counts: Record<string, number> = {};
    for (const one of who) {
      const value = month.people[one]?.answers[item] ?? "";
      const counted = item === "score" ? bandOf(Number(value)) : value;
      counts[counted] = (counts[counted] ?? 0) + 1;
    }
    expect(isSafe(counts, k), `${item}: ${who.size} people ${JSON.stringify(counts)}`).toBe(true);
  }
}

const shownOf = (month: Month, item: string, k: number) =>
  cellsOf(
    item,
    item === "score",
    { tree: month.tree, k },
    month.people.flatMap(({ node, answers }) => (answers[item] === undefined ? [] : [{ node, value: answers[item] }])),
  ).filter(({ state }) => state === "shown");

/** What an organisation may choose as its smallest group. */
const smallest = fc.integer({ min: K, max: 9 });

describe("over every kind of item", () => {
  test("no subtraction of published cells isolates fewer than k, nor people who agree", () => {
    fc.assert(
      fc.property(months, smallest, (month, k) => {
        for (const item of Object.keys(CELLS)) requireSafe(month, item, k, shownOf(month, item, k));
      }),
      { numRuns: 300 },
    );
  });

  test("no sum with factors −1, 0 and 1 over all items and three months does either, also where k rose between them", () => {
    const picks = fc.array(fc.integer({ min: -1, max: 1 }), { minLength: 120, maxLength: 120 });
    fc.assert(
      fc.property(fc.array(fc.tuple(months, smallest), { minLength: 1, maxLength: 3 }), fc.array(picks, { minLength: 40, maxLength: 40 }), (some, vectors) => {
        const rising = some.map(([, k]) => k).sort((a, b) => a - b);
        const cells = some.flatMap(([month], at) => Object.keys(CELLS).flatMap((item) => shownOf(month, item, rising[at] ?? K).map(({ node }) => ({ month, at, item, node }))));
        for (const vector of vectors) {
          // One answer of one person to one item in one month is what a cell counts; nobody's answers appear in two.
          const sum = new Map<string, number>();
          for (const [i, { month, at, item, node }] of cells.entries()) {
            for (const one of vector[i] ? membersOf(month, node) : []) {
              if (month.people[one]?.answers[item] === undefined) continue;
              const place = `${at} ${item} ${one}`;
              sum.set(place, (sum.get(place) ?? 0) + (vector[i] ?? 0));
            }
          }
          const isolated = [...sum].filter(([, factor]) => factor !== 0);
          const inMonth = rising.map((_, at) => isolated.filter(([place]) => place.startsWith(`${at} `)).length);
          if (inMonth.some((n, at) => n > 0 && n < (rising[at] ?? K))) return false;
        }
        return true;
      }),
      { numRuns: 60 },
    );
  });
});

describe("with the API of somebody who sees all groups", () => {
  useOwnDatabase();
  let pat: SignedIn;
  beforeAll(async () => {
    pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  });

  test("200 random organisations give away no group smaller than the k that their survey promised", async () => {
    let hidden = 0;
    for (const [i, month] of fc.sample(months, { numRuns: 200, seed: 17 }).entries()) {
      const id = newId("survey");
      const k = K + (i % 5);
      const at = new Date(Date.UTC(2026, 4, 1 + i));
      await db()
        .insert(surveys)
        .values({ id, period: "2026-05", round: i + 1, state: "closed", opensAt: at, closesAt: at, closedAt: at, questions: QUESTIONS, tree: month.tree, k });
      const rows = month.people.flatMap(({ node, answers }) => Object.entries(answers).map(([item, value]) => ({ surveyId: id, node, item, value })));
      if (rows.length) await db().insert(surveyAnswers).values(rows);
      await db().transaction((tx) => publishResults(tx, { id, questions: QUESTIONS, tree: month.tree, k, isDemo: false }));
      const { groups } = await getResults(pat, { id });
      for (const item of Object.keys(CELLS)) requireSafe(month, item, k, groups.flatMap(shownCell(item)));
      hidden += groups.filter(({ cells }) => cells.score.state !== "shown").length;
      expect(groups.every(({ figures, cells }) => Object.keys(figures).every((item) => cells[item]?.state === "shown"))).toBe(true);
    }
    expect(hidden).toBeGreaterThan(100);
  });
});

const shownCell = (item: string) => (group: GroupResult) => {
  const cell = group.cells[item];
  return cell?.state === "shown" ? [{ ...cell, node: group.node.id }] : [];
};
