import { type SQL, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { entities } from "@/db/schema";
import { nearestName } from "@/lib/core/nearest-name";
import { runsOf } from "./search-words";

/** How a text is looked for: decided once for the page, its total and its facets. */
export interface Search {
  typed: string;
  /** Words by their beginnings, as a tsquery; null where nothing is left to look for. */
  words: string | null;
  /** Also names that hold the text in the middle of a word: where few words begin with it. */
  isPart: boolean;
  /** So many match that how well says little: then only the exact name comes first. */
  isCommon: boolean;
  /** What was looked for instead, where nothing holds a word as it was typed. */
  corrected: string | null;
}

const FEW = 50;
const COMMON = 5_000;
const MAX_WORDS = 8;
const CANDIDATES = 30;
const MIN_CORRECTED = 3;

/** `check api` → `check:* & api:*`; null where nothing is left to search by. */
const prefixQuery = (runs: string[]) => (runs.length ? runs.map((run) => `${run}:*`).join(" & ") : null);

const matches = (words: string) => sql`${entities.words} @@ to_tsquery('simple', ${words})`;
const holding = (typed: string) => sql`${entities.label} like ${`%${likeText(typed)}%`}`;

const likeText = (text: string) => text.replace(/[%_\\]/g, "\\$&");

/** Decides how to look for a text: as it is written, else with the nearest words that something holds. */
export async function findSearch(on: Connection, text: string): Promise<Search> {
  const typed = text.toLowerCase();
  const runs = runsOf(typed).slice(0, MAX_WORDS);
  const words = prefixQuery(runs);
  const written = { typed, words, isPart: true, isCommon: false, corrected: null };
  if (!words) return written;
  const found = await countTo(on, matches(words), COMMON);
  if (found >= FEW) return { ...written, isPart: false, isCommon: found === COMMON };
  if (found > 0 || (await countTo(on, holding(typed), 1)) > 0) return written;
  const corrected = await correct(on, runs);
  const query = corrected && prefixQuery(corrected);
  const count = query ? await countTo(on, matches(query), COMMON) : 0;
  if (!query || count === 0) return written;
  return { typed: corrected.join(" "), words: query, isPart: false, isCommon: count === COMMON, corrected: corrected.join(" ") };
}

/** How many meet a condition, counted up to a limit. */
async function countTo(on: Connection, condition: SQL, limit: number): Promise<number> {
  const [row] = await on.execute<{ n: number }>(sql`select count(*)::int as n from (select 1 from entities where ${condition} limit ${limit}) as found`);
  return row?.n ?? 0;
}

/** The words with those put right that nothing begins with; null where one has nothing near it. */
async function correct(on: Connection, runs: string[]): Promise<string[] | null> {
  const words = await Promise.all(runs.map((run) => nearestWord(on, run)));
  return words.every((word) => word !== null) && words.some((word, index) => word !== runs[index]) ? words : null;
}

async function nearestWord(on: Connection, run: string): Promise<string | null> {
  if (run.length < MIN_CORRECTED || (await countTo(on, matches(`${run}:*`), 1)) > 0) return run;
  const rows = await on.execute<{ word: string }>(sql`
    select word from catalog_words where ${run} <% word or word % ${run}
    order by greatest(word_similarity(${run}, word), similarity(word, ${run})) desc, word limit ${CANDIDATES}`);
  const candidates = rows.map(({ word }) => word);
  const whole = nearestName(run, candidates);
  if (whole) return whole;
  // The beginning of a longer word, mistyped.
  const beginnings = new Map(candidates.filter((word) => word.length > run.length).map((word) => [word.slice(0, run.length), word]));
  const beginning = nearestName(run, beginnings.keys());
  return (beginning && beginnings.get(beginning)) ?? null;
}

/** The condition of a search. */
export function searchCondition({ typed, words, isPart }: Search): SQL {
  if (!words) return holding(typed);
  return isPart ? sql`(${matches(words)} or ${holding(typed)})` : matches(words);
}

/** Where a match stands: the name itself, then what begins with the text, then by how well its words match. */
export function searchScore({ typed, words, isCommon }: Search): SQL {
  if (isCommon) return sql`(lower(${entities.name}) = ${typed})`;
  const rank = words ? sql`ts_rank(${entities.words}, to_tsquery('simple', ${words}))` : sql`0`;
  return sql`(case when lower(${entities.name}) = ${typed} then 4 when ${entities.label} like ${`${likeText(typed)}%`} then 2 else 0 end) + ${rank}`;
}
