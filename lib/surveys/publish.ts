import { eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { type SurveyNode, surveyAnswers, surveyResults } from "@/db/schema";
import { type BANDS, type Cell, wordsFrom } from "./contract";
import { cellsOfQuestion, type Question, wordsOfQuestion } from "./contract-items";
import { bandOf } from "./nps";
import { type Counts, decide, size, totalsOf } from "./suppression";
import { ORG } from "./tree";

const CELLS_PER_STATEMENT = 5_000;

interface Published {
  id: string;
  questions: unknown[];
  tree: SurveyNode[];
  k: number;
  isDemo: boolean;
}

interface AnswerOfNode {
  node: string;
  value: string;
}

/** Works out every cell of a survey and stores it, once and for good. Withheld figures are not stored either. */
export async function publishResults(tx: Tx, survey: Published): Promise<void> {
  const answers = await tx
    .select({ node: surveyAnswers.node, item: surveyAnswers.item, value: surveyAnswers.value })
    .from(surveyAnswers)
    .where(eq(surveyAnswers.surveyId, survey.id));
  const byItem = new Map<string, AnswerOfNode[]>();
  for (const { item, node, value } of answers) {
    const some = byItem.get(item);
    if (some) some.push({ node, value });
    else byItem.set(item, [{ node, value }]);
  }
  const common = { surveyId: survey.id, isDemo: survey.isDemo };
  const rows = cellsAndWords(survey, byItem).map((row) => ({ ...common, ...row }));
  for (let at = 0; at < rows.length; at += CELLS_PER_STATEMENT) await tx.insert(surveyResults).values(rows.slice(at, at + CELLS_PER_STATEMENT));
}

function cellsAndWords({ questions: asked, tree, k }: Published, byItem: Map<string, AnswerOfNode[]>) {
  const questions = asked as Question[];
  const of = (item: string) => byItem.get(item) ?? [];
  const cells = questions.flatMap((question) => cellsOfQuestion(question).flatMap((item) => cellsOf(item, question.kind === "nps", { tree, k }, of(item))));
  const words = questions.flatMap(wordsOfQuestion).flatMap((item) => commentsOf(of(item), wordsFrom(k)).map((group) => ({ item: wordsRow(item), ...group })));
  return [...cells.map((cell) => ({ item: cell.item, node: cell.node, cell: { ...cell } })), ...words.map(({ item, node, comments }) => ({ item, node, cell: { comments } }))];
}

const WORDS = "comments";

/** The name under which the words of an item are published. */
const wordsRow = (item: string) => `${WORDS}:${item}`;

/** The item of published words; null for what is not words. Those of the first surveys have no item of their own. */
export function wordsItem(row: string): string | null {
  if (row === WORDS) return "comment";
  return row.startsWith(`${WORDS}:`) ? row.slice(WORDS.length + 1) : null;
}

/** What is published of one item at every node of the tree. `isScore`: values from 0 to 10 are counted in the three bands. */
export function cellsOf(item: string, isScore: boolean, { tree, k }: Pick<Published, "tree" | "k">, answers: AnswerOfNode[]): Cell[] {
  const direct = new Map<string, Counts>();
  for (const answer of answers) {
    const key = isScore ? bandOf(Number(answer.value)) : answer.value;
    const counts = direct.get(answer.node) ?? {};
    counts[key] = (counts[key] ?? 0) + 1;
    direct.set(answer.node, counts);
  }
  const states = decide(tree, direct, k);
  const totals = totalsOf(tree, direct);
  return tree.map((node) => {
    const counts = totals.get(node.id) ?? {};
    const state = states.get(node.id) ?? "few";
    const isShown = state === "shown";
    return {
      node: node.id,
      item,
      state,
      k,
      asked: node.asked,
      n: isShown ? size(counts) : null,
      counts: isShown ? counts : null,
      mostly: state === "mostly" ? most(counts) : null,
    };
  });
}

function most(counts: Counts): string | null {
  return Object.entries(counts).sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

/** Words of each division with enough of them, in random order; those of the others together, if they are enough. */
function commentsOf(words: AnswerOfNode[], least: number): { node: string; comments: string[] }[] {
  const groups = [...new Set(words.map(({ node }) => node))].map((node) => ({ node, comments: words.filter((one) => one.node === node).map(({ value }) => value) }));
  const own = groups.filter(({ node, comments }) => node !== ORG && comments.length >= least);
  const rest = groups.filter((group) => !own.includes(group)).flatMap(({ comments }) => comments);
  // The rows come in the random order of the last shuffle.
  return [...own, { node: ORG, comments: rest }].filter(({ comments }) => comments.length >= least);
}

/** The three bands of a shown score cell, with zeros. */
export function bandsOf(cell: Pick<Cell, "counts"> | undefined): Record<(typeof BANDS)[number], number> | null {
  const { counts } = cell ?? {};
  return counts ? { promoters: counts.promoters ?? 0, passives: counts.passives ?? 0, detractors: counts.detractors ?? 0 } : null;
}
