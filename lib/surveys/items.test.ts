import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isDomainError } from "@/lib/core/errors";
import { ballotBytes, checkAnswers } from "./check-answers";
import type { Answers } from "./contract";
import { CALENDAR, DEFAULT_ITEMS, duration, LIBRARY, type Question, questionsIn } from "./contract-items";
import { rangesOf, shareAbove } from "./ranges";

const slowedBy = LIBRARY.find(({ item }) => item === "slowed-by") as Question;
const wish = LIBRARY.find(({ item }) => item === "one-wish") as Question;
const questions = [...questionsIn(DEFAULT_ITEMS, "2026-11"), slowedBy, wish];
const hours = questions.find(({ item }) => item === "hours") as Question;

const problems = (answers: Answers) => {
  try {
    return checkAnswers(questions, answers);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return error.fields.map(({ path }) => path);
  }
};

describe("the default survey", () => {
  it("asks six questions in about 90 seconds, the last one another each month and each once a year", () => {
    const months = Array.from({ length: 12 }, (_, i) => questionsIn(DEFAULT_ITEMS, `2026-${String(i + 1).padStart(2, "0")}`));
    expect(months.every((one) => one.length === 6)).toBe(true);
    expect(months.map((one) => one[5]?.item)).toEqual(CALENDAR.map(({ item }) => item));
    expect(new Set(CALENDAR.map(({ item }) => item)).size).toBe(12);
    expect(duration(months[0] as Question[])).toBe("about 90 seconds");
  });

  it("leaves out what is off, and asks nothing twice in the month whose turn it is", () => {
    const form = [...DEFAULT_ITEMS.map((one) => ({ ...one, on: one.question.item !== "concepts" })), { question: CALENDAR[0] as Question, on: true }];
    expect(questionsIn(form, "2026-01").map(({ item }) => item)).toEqual(["score", "reason", "hours", "outcome", "easy-to-use"]);
    expect(questionsIn(form, "2026-02")).toHaveLength(6);
  });
});

describe("answers", () => {
  it("of every kind become rows of one item each; of several choices each option says yes or no", () => {
    expect(checkAnswers(questions, { score: 9, comment: "why", hours: "1-2", "slowed-by": ["tests"], "one-wish": "sleep" })).toEqual([
      { item: "score", value: "9" },
      { item: "comment", value: "why" },
      { item: "hours", value: "1-2" },
      ...["builds", "tests", "environments", "permissions", "reviews", "unclear-work"].map((one) => ({ item: `slowed-by:${one}`, value: one === "tests" ? "yes" : "no" })),
      { item: "one-wish", value: "sleep" },
    ]);
  });

  it.each([
    [{}, ["answers.score"]],
    [{ score: 11 }, ["answers.score"]],
    [{ score: 5, hours: "7" }, ["answers.hours"]],
    [{ score: 5, hours: ["1-2"] }, ["answers.hours"]],
    [{ score: 5, "slowed-by": "tests" }, ["answers.slowed-by"]],
    [{ score: 5, "slowed-by": ["tests", "other"] }, ["answers.slowed-by"]],
    [{ score: 5, comment: 7 }, ["answers.comment"]],
    [{ score: 5, "one-wish": "x".repeat(281) }, ["answers.one-wish"]],
    [{ score: 5, userId: "usr_other", reason: "<b>" }, ["answers.reason", "answers.userId"]],
  ])("%j are refused at %j", (answers, paths) => {
    expect(problems(answers as Answers)).toEqual(paths);
  });

  it("never outgrow the one length that every ballot is padded to", () => {
    const words = fc.string({ unit: "binary", maxLength: 280 }).map((text) => text.slice(0, 280).replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ""));
    fc.assert(
      fc.property(words, words, fc.subarray(slowedBy.options.map(({ value }) => value)), (comment, own, chosen) => {
        const answers = checkAnswers(questions, {
          score: 10,
          reason: "environments",
          comment,
          hours: "under-half",
          concepts: "over-13",
          outcome: "none",
          "slowed-by": chosen,
          "one-wish": own,
        });
        return Buffer.byteLength(JSON.stringify({ node: "tea_0123456789abcdefgh", answers })) <= ballotBytes(questions);
      }),
      { numRuns: 300 },
    );
  });
});

describe("ranges", () => {
  it.each([
    [
      { "under-half": 3, "1-2": 1, none: 9 },
      { mean: 0.56, median: 0.25, bucket: "Under ½", n: 4 },
    ],
    [
      { "under-half": 2, "2-3": 2 },
      { mean: 1.38, median: 1.375, bucket: "Under ½", n: 4 },
    ],
    [{ "over-4": 1 }, { mean: 5, median: 5, bucket: "Over 4", n: 1 }],
    [{ none: 5 }, { mean: null, median: null, bucket: null, n: 0 }],
  ])("of %j are %j", (counts, expected) => {
    expect(rangesOf(hours, counts as Record<string, number>)).toEqual(expected);
  });

  it("the share above two hours leaves out those to whom it does not apply", () => {
    expect(shareAbove(hours, { "1-2": 2, "2-3": 1, "over-4": 1, none: 6 }, 2)).toBe(0.5);
    expect(shareAbove(hours, { none: 6 }, 2)).toBeNull();
  });
});
