import { and, asc, desc, eq, inArray } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { type SurveyNode, surveyResults, surveys } from "@/db/schema";
import { type Cell, type Comments, type GroupResult, type Nps, TEAM_SCORE_ANSWERS } from "./contract";
import { cellsOfQuestion, type Question, SCORE } from "./items";
import { npsOf } from "./nps";
import { bandsOf, wordsItem } from "./publish";
import { rangesOf, shareAbove } from "./ranges";
import { ORG } from "./tree";

export type Reach = "all" | string[];
type SurveyRow = typeof surveys.$inferSelect;

/** The organisation is everybody's to see; below it what the reach holds. */
export function mayRead(reach: Reach, nodeId: string): boolean {
  return nodeId === ORG || reach === "all" || reach.includes(nodeId);
}

/** The published groups of a survey within reach, in the order of the tree, and the comments that may be read. */
export async function readResults(on: Connection, survey: SurveyRow, reach: Reach): Promise<{ groups: GroupResult[]; comments: Comments[] }> {
  const rows = await on.select().from(surveyResults).where(eq(surveyResults.surveyId, survey.id));
  const cells = new Map(rows.filter((row) => wordsItem(row.item) === null).map((row) => [`${row.item} ${row.node}`, row.cell as unknown as Cell]));
  const items = [...new Set([SCORE, ...(survey.questions as Question[]).flatMap(cellsOfQuestion)])];
  const groups = survey.tree.filter((node) => mayRead(reach, node.id)).map((node) => groupOf(survey, node, items, cells));
  const titles = new Map(survey.tree.map((node) => [node.id, node.title]));
  const comments = rows.flatMap((row) => {
    const item = wordsItem(row.item);
    const isReadable = reach === "all" || (row.node !== ORG && reach.includes(row.node));
    if (item === null || !isReadable) return [];
    return [{ item, node: row.node, title: row.node === ORG ? "Everybody else" : (titles.get(row.node) ?? row.node), comments: (row.cell.comments ?? []) as string[] }];
  });
  return { groups, comments };
}

function groupOf({ tree, questions }: Pick<SurveyRow, "tree" | "questions">, node: SurveyNode, items: string[], cells: Map<string, Cell>): GroupResult {
  const cellOf = (item: string): Cell => cells.get(`${item} ${node.id}`) ?? { node: node.id, item, state: "few", asked: node.asked, n: null, counts: null, mostly: null };
  const own = { ...Object.fromEntries(items.map((item) => [item, cellOf(item)])), score: cellOf(SCORE) };
  const { id, ref, title, asked } = node;
  return { node: { id, ref, title, depth: depthOf(tree, node) }, asked, cells: own, figures: figuresOf(questions as Question[], own), nps: scoreOf(tree, node, own.score) };
}

function figuresOf(questions: Question[], cells: Record<string, Cell>): GroupResult["figures"] {
  return Object.fromEntries(
    questions.flatMap((question) => {
      const counts = cells[question.item]?.counts;
      if (!counts || !question.options.some(({ worth }) => worth !== undefined)) return [];
      const { mean, bucket, n } = rangesOf(question, counts);
      return [[question.item, { version: question.version, mean, bucket, above: question.limit === undefined ? null : shareAbove(question, counts, question.limit), n }]];
    }),
  );
}

/** The score of a shown cell; a team's only from 20 answers on. */
export function scoreOf(tree: SurveyNode[], node: SurveyNode, cell: Cell | undefined): Nps | null {
  const bands = bandsOf(cell);
  if (!bands || (isTeam(tree, node) && (cell?.n ?? 0) < TEAM_SCORE_ANSWERS)) return null;
  return npsOf(bands);
}

/** A team is what has nothing below it; the organisation and its divisions are larger groups. */
function isTeam(tree: SurveyNode[], node: SurveyNode): boolean {
  return node.id !== ORG && !tree.some((other) => other.parentId === node.id);
}

function depthOf(tree: SurveyNode[], node: SurveyNode): number {
  const parent = tree.find((other) => other.id === node.parentId);
  return parent ? 1 + depthOf(tree, parent) : 0;
}

export interface PastSurvey {
  survey: SurveyRow;
  node: SurveyNode | null;
  cells: Map<string, Cell>;
  /** The wording of an item in this survey; null where it was not asked. */
  version: (item: string) => number | null;
}

/** Closed surveys of a kind, by default the monthly one, with the published cells of some items at one node, oldest first. The node is a team's ref, or `org`. */
export async function historyOf(on: Connection, node: string, items: string[], isDemo: boolean, kind: SurveyRow["kind"] = "monthly"): Promise<PastSurvey[]> {
  const closed = await on
    .select()
    .from(surveys)
    .where(and(eq(surveys.state, "closed"), eq(surveys.kind, kind), eq(surveys.isDemo, isDemo)))
    .orderBy(asc(surveys.opensAt));
  const found = closed.map((survey) => ({ survey, node: survey.tree.find((one) => one.ref === node || one.id === node) ?? null }));
  const wanted = found.flatMap((one) => (one.node ? [one.node.id] : []));
  const rows = wanted.length
    ? await on
        .select()
        .from(surveyResults)
        .where(and(inArray(surveyResults.node, [...new Set(wanted)]), inArray(surveyResults.item, items), eq(surveyResults.isDemo, isDemo)))
    : [];
  return found.map((one) => ({
    ...one,
    version: (item: string) => (one.survey.questions as Question[]).find((question) => question.item === item)?.version ?? null,
    cells: new Map(rows.filter((row) => row.surveyId === one.survey.id && row.node === one.node?.id).map((row) => [row.item, row.cell as unknown as Cell])),
  }));
}

/** True when a survey of live answers has been closed: from then on live figures are shown, before that the demo's. */
export async function hasLiveResults(on: Connection): Promise<boolean> {
  const [row] = await on
    .select({ id: surveys.id })
    .from(surveys)
    .where(and(eq(surveys.state, "closed"), eq(surveys.kind, "monthly"), eq(surveys.isDemo, false)))
    .orderBy(desc(surveys.closedAt))
    .limit(1);
  return Boolean(row);
}
