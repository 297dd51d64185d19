import { and, asc, desc, eq, inArray, lte } from "drizzle-orm";
import type { z } from "zod";
import type { Connection, Tx } from "@/db/client";
import { type SurveyNode, surveyResults, surveys, surveyTags } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { type Cell, type Comments, type GroupResult, type Nps, type TagInput, TEAM_SCORE_ANSWERS } from "./contract";
import { cellsOfQuestion, type Question, SCORE } from "./contract-items";
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
  const [rows, tags, quarter] = await Promise.all([on.select().from(surveyResults).where(eq(surveyResults.surveyId, survey.id)), tagsOf(on, survey.id), quarterOf(on, survey)]);
  const cells = new Map(rows.filter((row) => wordsItem(row.item) === null).map((row) => [`${row.item} ${row.node}`, cellIn(survey, row.cell)]));
  const items = [...new Set([SCORE, ...(survey.questions as Question[]).flatMap(cellsOfQuestion)])];
  const groups = survey.tree.filter((node) => mayRead(reach, node.id)).map((node) => withQuarter(groupOf(survey, node, items, cells), quarter));
  const titles = new Map(survey.tree.map((node) => [node.id, node.title]));
  const comments = rows.flatMap((row) => {
    const item = wordsItem(row.item);
    const isReadable = reach === "all" || (row.node !== ORG && reach.includes(row.node));
    if (item === null || !isReadable) return [];
    const comments = (row.cell.comments ?? []) as string[];
    const title = row.node === ORG ? "Everybody else" : (titles.get(row.node) ?? row.node);
    return [{ item, node: row.node, title, comments, tags: comments.map((_, place) => tags.get(`${item} ${row.node} ${place}`) ?? []) }];
  });
  return { groups, comments };
}

/** A published cell with the k of its survey: the first ones were stored without. */
const cellIn = ({ k }: Pick<SurveyRow, "k">, cell: Record<string, unknown>) => ({ ...cell, k }) as unknown as Cell;

function groupOf({ tree, questions, k }: Pick<SurveyRow, "tree" | "questions" | "k">, node: SurveyNode, items: string[], cells: Map<string, Cell>): GroupResult {
  const cellOf = (item: string): Cell => cells.get(`${item} ${node.id}`) ?? { node: node.id, item, state: "few", k, asked: node.asked, n: null, counts: null, mostly: null };
  const own = { ...Object.fromEntries(items.map((item) => [item, cellOf(item)])), score: cellOf(SCORE) };
  const { id, ref, title, asked } = node;
  return {
    node: { id, ref, title, depth: depthOf(tree, node) },
    asked,
    cells: own,
    figures: figuresOf(questions as Question[], own),
    nps: scoreOf(tree, node, own.score),
    quarter: null,
  };
}

type Quarter = Map<string, NonNullable<GroupResult["quarter"]>>;

const withQuarter = (group: GroupResult, quarter: Quarter): GroupResult => (group.nps ? group : { ...group, quarter: quarter.get(group.node.id) ?? null });

/** The bands of each group over the quarter up to this survey. Only published cells are added up, so nothing comes out that was withheld. */
async function quarterOf(on: Connection, survey: SurveyRow): Promise<Quarter> {
  const sums: Quarter = new Map();
  const asked = versionIn(survey, SCORE);
  const months = monthsOfQuarter(survey.period);
  const closed = await on
    .select()
    .from(surveys)
    .where(
      and(eq(surveys.state, "closed"), eq(surveys.kind, survey.kind), eq(surveys.isDemo, survey.isDemo), inArray(surveys.period, months), lte(surveys.opensAt, survey.opensAt)),
    );
  const ids = closed.filter((one) => versionIn(one, SCORE) === asked).map(({ id }) => id);
  if (ids.length === 0) return sums;
  const rows = await on
    .select()
    .from(surveyResults)
    .where(and(inArray(surveyResults.surveyId, ids), eq(surveyResults.item, SCORE)));
  for (const row of rows) {
    const bands = bandsOf(row.cell as unknown as Cell);
    if (!bands) continue;
    const { counts, months: before } = sums.get(row.node) ?? { counts: {}, months: 0 };
    const after = Object.fromEntries(Object.entries(bands).map(([band, n]) => [band, n + ((counts as Record<string, number>)[band] ?? 0)]));
    sums.set(row.node, { counts: after, n: Object.values(after).reduce((a, b) => a + b, 0), months: before + 1 });
  }
  return sums;
}

/** `2026-11` → `2026-10`, `2026-11`, `2026-12`. */
function monthsOfQuarter(period: string): string[] {
  const [year = "", month = "1"] = period.split("-");
  const first = Math.floor((Number(month) - 1) / 3) * 3 + 1;
  return [0, 1, 2].map((more) => `${year}-${String(first + more).padStart(2, "0")}`);
}

async function tagsOf(on: Connection, surveyId: string): Promise<Map<string, string[]>> {
  const rows = await on.select().from(surveyTags).where(eq(surveyTags.surveyId, surveyId)).orderBy(asc(surveyTags.tag));
  const tags = new Map<string, string[]>();
  for (const { item, node, place, tag } of rows) tags.set(`${item} ${node} ${place}`, [...(tags.get(`${item} ${node} ${place}`) ?? []), tag]);
  return tags;
}

const versionIn = (survey: SurveyRow, item: string) => (survey.questions as Question[]).find((question) => question.item === item)?.version ?? null;

/** Gives published words their themes in place of those before. Throws not_found where nothing was published there. */
export async function tagWords(tx: Tx, { id, item, node, place, tags }: z.output<typeof TagInput>): Promise<void> {
  const rows = await tx
    .select()
    .from(surveyResults)
    .where(and(eq(surveyResults.surveyId, id), eq(surveyResults.node, node)));
  const published = rows.find((row) => wordsItem(row.item) === item)?.cell.comments;
  if (!Array.isArray(published) || place >= published.length) throw new DomainError("not_found", "There are no such published words.");
  const here = and(eq(surveyTags.surveyId, id), eq(surveyTags.item, item), eq(surveyTags.node, node), eq(surveyTags.place, place));
  await tx.delete(surveyTags).where(here);
  if (tags.length) await tx.insert(surveyTags).values(tags.map((tag) => ({ surveyId: id, item, node, place, tag })));
}

/** What the shown cells of questions whose options stand for numbers come to. */
export function figuresOf(questions: Question[], cells: Record<string, Cell>): GroupResult["figures"] {
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
    version: (item: string) => versionIn(one.survey, item),
    cells: new Map(rows.filter((row) => row.surveyId === one.survey.id && row.node === one.node?.id).map((row) => [row.item, cellIn(one.survey, row.cell)])),
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
