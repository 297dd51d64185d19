import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import type { EntityDraft } from "./import/draft";

// Search compares runs of letters and digits, on both sides: `order-cart-10` is found by "order", "cart 10" and "cart-10".
// Weights: A the name, B the title, C the rest of the document, D the texts of its documents.

const RUNS = /[\p{L}\p{N}]+/gu;
const BETWEEN = /[^\p{L}\p{N}]+/gu;
const MAX_DESCRIPTION = 5_000;
const MAX_ANNOTATIONS = 2_000;
const MAX_DOC_WORDS = 3_000;
const MAX_WORD = 40;

/** Texts of one entity as they are indexed. */
export interface SearchTexts {
  name: string;
  title: string;
  rest: string;
}

/** In lower case, and with the names of languages that end in signs spelled out, so that `c++` and `c#` are words of their own. */
const spelled = (text: string): string => {
  const lower = text.toLowerCase();
  return /[+#]/.test(lower) ? lower.replace(/(?<=\p{L})\+\+/gu, "plusplus").replace(/(?<![\p{L}\p{N}])(\p{L})#/gu, "$1sharp") : lower;
};

/** The runs of letters and digits of a text, in lower case. */
export const runsOf = (text: string): string[] => spelled(text).match(RUNS) ?? [];

const MARKED = /[\u00c0-\u1eff]/;

const joined = (texts: (string | null)[]) => {
  const all = spelled(texts.join(" "));
  // Whoever has no ö on the keyboard types o.
  const plain = MARKED.test(all) ? ` ${all.normalize("NFD").replace(/\p{M}/gu, "")}` : "";
  return `${all}${plain}`.replace(BETWEEN, " ").trim();
};

/** What a search finds an entity by. Names are split at capitals too: `fraudScore` is found by "score". */
export function searchTexts(entity: EntityDraft): SearchTexts {
  const metadata = entity.definition.metadata as { annotations?: unknown; labels?: unknown };
  const marks = [metadata.annotations, metadata.labels].flatMap((map) => (map && typeof map === "object" ? Object.entries(map).flat() : []));
  const annotations = marks.filter((one) => typeof one === "string").join(" ");
  return {
    name: joined([entity.name, entity.name.replace(/([a-z0-9])([A-Z])/g, "$1 $2")]),
    title: joined([entity.title, entity.calledBy]),
    rest: joined([
      ...entity.tags,
      entity.ref,
      entity.type,
      entity.lifecycle,
      entity.ownerRef,
      entity.systemRef,
      entity.description.slice(0, MAX_DESCRIPTION),
      annotations.slice(0, MAX_ANNOTATIONS),
    ]),
  };
}

/** The weighted words of columns that hold the three texts. */
export const weightedWords = (name: SQL, title: SQL, rest: SQL): SQL =>
  sql`setweight(to_tsvector('simple', ${name}), 'A') || setweight(to_tsvector('simple', ${title}), 'B') || setweight(to_tsvector('simple', ${rest}), 'C')`;

/** Each word of an entity's documents once: enough to find them, and small. */
export function docWords(texts: string[]): string[] {
  const words = new Set<string>();
  for (const text of texts) {
    for (const [run] of spelled(text).matchAll(RUNS)) {
      if (run.length <= MAX_WORD) words.add(run);
      if (words.size >= MAX_DOC_WORDS) return [...words];
    }
  }
  return [...words];
}

/** Words that somebody may mistype: of letters alone, so that numbered names do not fill the vocabulary. */
const IN_VOCABULARY = /^\p{L}{3,40}$/u;

/** Adds words to the vocabulary. In one order everywhere, so that two imports cannot wait for each other. */
export async function keepWords(tx: Tx, words: Iterable<string>): Promise<void> {
  const kept = [...new Set(words)].filter((word) => IN_VOCABULARY.test(word)).sort();
  if (kept.length === 0) return;
  await tx.execute(sql`
    insert into catalog_words (word)
    select w.word from json_array_elements_text(${JSON.stringify(kept)}::json) with ordinality as w(word, n)
    where not exists (select 1 from catalog_words k where k.word = w.word) order by w.n on conflict do nothing`);
}
