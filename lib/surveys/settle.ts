import { eq, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { surveyAnswers, surveyBox, surveys } from "@/db/schema";
import { decrypt } from "@/lib/core/secrets";
import { type Ballot, BOX_PLACE } from "./answer";
import { type Question, wordsOfQuestion } from "./contract-items";
import { ORG } from "./tree";

// Why this is more than moving rows. An answer and the note that its author has answered are written in one transaction, so at
// first Postgres' own bookkeeping (xmin, ctid) would join them: that is why the answer waits sealed. Settling opens the box and
// then rewrites *all* answers and *all* participation rows of the survey in random order in one transaction. Afterwards every
// row has the same xmin and a random place, so neither batches nor their order can be told. What remains for somebody with more
// than the database is said in docs/surveys.md.

const ROWS_PER_STATEMENT = 5_000;

interface AnswerRow {
  surveyId: string;
  node: string;
  item: string;
  value: string;
}

/** Empties the box of a survey into its answers and shuffles everything. The caller has locked the survey's row. */
export async function settle(tx: Tx, surveyId: string, now: Date): Promise<number> {
  const waiting = await tx.delete(surveyBox).where(eq(surveyBox.surveyId, surveyId)).returning({ sealed: surveyBox.sealed });
  const [survey] = await tx.select({ tree: surveys.tree, questions: surveys.questions }).from(surveys).where(eq(surveys.id, surveyId));
  const divisionOf = divisions(survey?.tree ?? []);
  const words = new Set(((survey?.questions ?? []) as Question[]).flatMap(wordsOfQuestion));
  const rows = waiting.flatMap(({ sealed }) => rowsOf(surveyId, JSON.parse(decrypt(sealed, BOX_PLACE(surveyId))) as Ballot, divisionOf, words));
  for (let at = 0; at < rows.length; at += ROWS_PER_STATEMENT) await tx.insert(surveyAnswers).values(rows.slice(at, at + ROWS_PER_STATEMENT));
  await shuffle(tx, surveyId);
  await tx.update(surveys).set({ settledAt: now }).where(eq(surveys.id, surveyId));
  return waiting.length;
}

async function shuffle(tx: Tx, surveyId: string): Promise<void> {
  await tx.execute(sql`
    with old as (delete from survey_answers where survey_id = ${surveyId} returning survey_id, node, item, value)
    insert into survey_answers (survey_id, node, item, value) select survey_id, node, item, value from old order by random()`);
  await tx.execute(sql`
    with old as (delete from survey_participation where survey_id = ${surveyId} returning survey_id, user_id, node, answered_on, attempt)
    insert into survey_participation (survey_id, user_id, node, answered_on, attempt) select survey_id, user_id, node, answered_on, attempt from old order by random()`);
}

// Each item becomes a row of its own, so that one person's answers do not stay together. Words are shown per division only, so
// they keep no more than that.
function rowsOf(surveyId: string, { node, answers }: Ballot, divisionOf: Map<string, string>, words: Set<string>): AnswerRow[] {
  // Ballots of before the questions could be chosen hold one object.
  const each = Array.isArray(answers) ? answers : Object.entries(answers as Record<string, unknown>).map(([item, value]) => ({ item, value: String(value) }));
  return each.map(({ item, value }) => ({ surveyId, node: words.has(item) ? (divisionOf.get(node) ?? ORG) : node, item, value }));
}

/** The division of each node: the node below the organisation on its way up. */
function divisions(tree: { id: string; parentId: string | null }[]): Map<string, string> {
  const parents = new Map(tree.map((node) => [node.id, node.parentId]));
  const top = (id: string): string => {
    const parent = parents.get(id);
    return !parent || parent === ORG ? id : top(parent);
  };
  return new Map(tree.map((node) => [node.id, top(node.id)]));
}
