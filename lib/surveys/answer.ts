import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { surveyBox, surveyParticipation, surveys } from "@/db/schema";
import { env } from "@/lib/core/env";
import { DomainError } from "@/lib/core/errors";
import { encrypt, randomSecret, sha256 } from "@/lib/core/secrets";
import { withdraw } from "@/lib/notifications/notify";
import { dayOf, titleOf } from "./calendar";
import { ballotBytes, checkAnswers, type ItemAnswer } from "./check-answers";
import type { Answers, Received } from "./contract";
import type { Question } from "./contract-items";
import { requireRested } from "./one-tap";
import { prefer } from "./preferences";

export const BOX_PLACE = (surveyId: string) => `survey_box|${surveyId}|sealed`;

export interface Ballot {
  node: string;
  answers: ItemAnswer[];
}

interface Sending {
  surveyId: string;
  userId: string;
  answers: Answers;
  attempt: string | undefined;
  now: Date;
}

/**
 * Marks the person as having answered and puts the sealed answers into the box, both or neither. The same attempt again changes
 * nothing. Throws not_found, invalid (by field), conflict (not open, answered already) and forbidden (not invited).
 */
export async function answerOnce(tx: Tx, { surveyId, userId, answers, attempt, now }: Sending): Promise<Received> {
  // Shared: people answer side by side, while closing and shuffling wait for them and keep new ones waiting.
  const [survey] = await tx.select().from(surveys).where(eq(surveys.id, surveyId)).for("share");
  if (!survey || survey.state === "scheduled") throw new DomainError("not_found", "There is no such survey.");
  const title = titleOf(survey.period, survey.round);
  const mark = sha256(`${surveyId}|${attempt ?? randomSecret()}`);
  const me = and(eq(surveyParticipation.surveyId, surveyId), eq(surveyParticipation.userId, userId));
  const questions = survey.questions as Question[];
  const isOpen = survey.state === "open" && survey.closesAt > now;
  const checked = isOpen ? checkAnswers(questions, answers) : [];
  const [claimed] = isOpen
    ? await tx
        .update(surveyParticipation)
        .set({ answeredOn: dayOf(now, env().timeZone), attempt: mark })
        .where(and(me, isNull(surveyParticipation.answeredOn)))
        .returning({ node: surveyParticipation.node })
    : [];
  if (claimed) {
    if (survey.kind === "one-tap") {
      await requireRested(tx, userId, now);
      await prefer(tx, userId, { oneTapOn: dayOf(now, env().timeZone) });
    } else await withdraw(tx, userId, "survey-");
    await tx.insert(surveyBox).values({ surveyId, sealed: sealed({ node: claimed.node, answers: checked }, surveyId, questions) });
    return { survey: surveyId, received: true, repeated: false };
  }
  const [earlier] = await tx.select().from(surveyParticipation).where(me);
  if (!earlier) throw new DomainError("forbidden", `You were not invited to the survey of ${title}: it asks everybody who was here when it opened. The next one will ask you.`);
  if (earlier.answeredOn && attempt && earlier.attempt === mark) return { survey: surveyId, received: true, repeated: true };
  if (earlier.answeredOn && survey.kind === "one-tap")
    throw new DomainError("conflict", "You have said so this month already. The first answer counts; it cannot be found again to change it.");
  if (earlier.answeredOn)
    throw new DomainError("conflict", `You have answered the survey of ${title} already. The first answers count; they cannot be found again to change them.`);
  throw new DomainError("conflict", `The survey of ${title} is closed. Its results are on the survey page; the next one comes next month.`);
}

// All ballots of a survey have the same number of bytes, so that the length of the sealed text says nothing.
function sealed(ballot: Ballot, surveyId: string, questions: Question[]): string {
  const json = JSON.stringify(ballot);
  return encrypt(json + " ".repeat(Math.max(0, ballotBytes(questions) - Buffer.byteLength(json))), BOX_PLACE(surveyId));
}
