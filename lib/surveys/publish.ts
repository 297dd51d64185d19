import { eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { type SurveyNode, surveyAnswers, surveyResults } from "@/db/schema";
import { type BANDS, type Cell, COMMENTS_SHOWN_FROM, ITEMS, type Item } from "./contract";
import { bandOf } from "./nps";
import { type Counts, decide, size, totalsOf } from "./suppression";
import { ORG } from "./tree";

interface Published {
  id: string;
  tree: SurveyNode[];
  isDemo: boolean;
}

interface AnswerOfNode {
  node: string;
  item: string;
  value: string;
}

/** Works out every cell of a survey and stores it, once and for good. Withheld figures are not stored either. */
export async function publishResults(tx: Tx, survey: Published): Promise<void> {
  const answers = await tx
    .select({ node: surveyAnswers.node, item: surveyAnswers.item, value: surveyAnswers.value })
    .from(surveyAnswers)
    .where(eq(surveyAnswers.surveyId, survey.id));
  const cells = ITEMS.flatMap((item) => cellsOf(item, survey.tree, answers));
  const common = { surveyId: survey.id, isDemo: survey.isDemo };
  await tx
    .insert(surveyResults)
    .values([
      ...cells.map((cell) => ({ ...common, item: cell.item, node: cell.node, cell: { ...cell } })),
      ...commentsOf(answers).map(({ node, comments }) => ({ ...common, item: "comments", node, cell: { comments } })),
    ]);
}

function cellsOf(item: Item, tree: SurveyNode[], answers: AnswerOfNode[]): Cell[] {
  const direct = new Map<string, Counts>();
  for (const answer of answers) {
    if (answer.item !== item) continue;
    const key = item === "score" ? bandOf(Number(answer.value)) : answer.value;
    const counts = direct.get(answer.node) ?? {};
    counts[key] = (counts[key] ?? 0) + 1;
    direct.set(answer.node, counts);
  }
  const states = decide(tree, direct);
  const totals = totalsOf(tree, direct);
  return tree.map((node) => {
    const counts = totals.get(node.id) ?? {};
    const state = states.get(node.id) ?? "few";
    const isShown = state === "shown";
    return { node: node.id, item, state, asked: node.asked, n: isShown ? size(counts) : null, counts: isShown ? counts : null, mostly: state === "mostly" ? most(counts) : null };
  });
}

function most(counts: Counts): string | null {
  return Object.entries(counts).sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

/** Words of each division with enough of them, in random order; those of the others together, if they are enough. */
function commentsOf(answers: AnswerOfNode[]): { node: string; comments: string[] }[] {
  const words = answers.filter(({ item }) => item === "comment");
  const groups = [...new Set(words.map(({ node }) => node))].map((node) => ({ node, comments: words.filter((one) => one.node === node).map(({ value }) => value) }));
  const own = groups.filter(({ node, comments }) => node !== ORG && comments.length >= COMMENTS_SHOWN_FROM);
  const rest = groups.filter((group) => !own.includes(group)).flatMap(({ comments }) => comments);
  // The rows come in the random order of the last shuffle.
  return [...own, { node: ORG, comments: rest }].filter(({ comments }) => comments.length >= COMMENTS_SHOWN_FROM);
}

/** The three bands of a shown score cell, with zeros. */
export function bandsOf(cell: Pick<Cell, "counts"> | undefined): Record<(typeof BANDS)[number], number> | null {
  const { counts } = cell ?? {};
  return counts ? { promoters: counts.promoters ?? 0, passives: counts.passives ?? 0, detractors: counts.detractors ?? 0 } : null;
}
