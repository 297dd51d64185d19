import { beforeAll, describe, expect, it, test } from "vitest";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { CALENDAR, DEFAULT_ITEMS, questionsIn, SCORE_QUESTION } from "./contract-items";
import { forReader, inLanguage, languageFor, offered, textsOf, translationsOf } from "./contract-languages";
import { answerSurvey, closeSurvey, openSurvey, saveSurveyForm } from "./mutations";
import { getOpenSurvey, getResults, npsMetric, surveyForm } from "./queries";

const GERMAN = {
  "How likely are you to recommend Waymark to a colleague who builds software here?": "Wie wahrscheinlich empfiehlst du Waymark?",
  "What is the main reason?": "Was ist der Hauptgrund?",
  Speed: "Tempo",
};

describe("the language of the form", () => {
  it.each([
    [null, "en"],
    ["", "en"],
    ["de", "de"],
    ["de-AT,de;q=0.9,en;q=0.8", "de"],
    ["en-GB,en;q=0.9,de;q=0.8", "en"],
    ["fr;q=0.5,pt-BR", "pt-BR"],
    ["pt", "pt-BR"],
    ["sv,ja;q=0.4", "en"],
    ["de;q=0,fr;q=0.1", "en"],
    ["*", "en"],
    [";;;,,q=,de;q=x", "en"],
    ["x".repeat(5_000), "en"],
  ])("%#: for an Accept-Language header it is the one preferred of those offered", (header, language) => {
    expect(languageFor(header, ["en", "de", "pt-BR"])).toBe(language);
  });

  it.each([
    ["fr", "de", "de", "fr"],
    ["xx", "de", "fr", "de"],
    [["fr"], undefined, "fr", "fr"],
    [undefined, "de", "fr", "de"],
    [undefined, "constructor", "fr", "fr"],
    [undefined, undefined, null, "en"],
  ])("the address %s goes before the kept %s, and that before the header %s", (address, kept, accepted, language) => {
    expect(forReader([SCORE_QUESTION], { de: GERMAN, fr: { a: "b" } }, { address, kept, accepted }).language).toBe(language);
  });

  it("says what is translated, leaves the rest and every value as they are", () => {
    const questions = questionsIn(DEFAULT_ITEMS, "2026-11");
    const [score, reason, hours] = inLanguage(questions, { de: GERMAN }, "de");
    expect(score).toMatchObject({ lang: "de", question: { text: "Wie wahrscheinlich empfiehlst du Waymark?", ends: SCORE_QUESTION.ends } });
    expect(reason?.question.options.slice(0, 2)).toEqual([
      { value: "speed", label: "Tempo" },
      { value: "environments", label: "Environments" },
    ]);
    expect(hours).toEqual({ question: questions[2], lang: undefined });
    expect(inLanguage(questions, { de: GERMAN }, "constructor").map(({ question }) => question)).toEqual(questions);
  });

  it("takes no name of JavaScript's own for a translation", () => {
    const question = { ...SCORE_QUESTION, text: "constructor", help: "__proto__" };
    expect(inLanguage([question], { de: {} }, "de")).toEqual([{ question, lang: undefined }]);
    expect(translationsOf([question], { de: JSON.parse('{"__proto__": "Vorlage"}') })["de"]).toEqual(JSON.parse('{"__proto__": "Vorlage"}'));
  });

  it("asks for every text once", () => {
    const texts = [...questionsIn(DEFAULT_ITEMS, "2026-11"), ...CALENDAR].flatMap(textsOf);
    expect(texts).toContain("Name no people: your words are shown as written, without your name.");
    expect(texts).not.toContain("10");
    expect(offered({ fr: {}, de: {} })).toEqual(["en", "de", "fr"]);
  });
});

describe("a survey in two languages", () => {
  useOwnDatabase();
  let pat: SignedIn;
  const people: SignedIn[] = [];
  beforeAll(async () => {
    await aTeam("checkout");
    pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
    for (let i = 0; i < 16; i++) people.push(await signedIn(await aPerson(`dev${i}`, { teams: { checkout: "member" } })));
  });
  const save = async (translations: unknown, text?: string) => {
    const { items, windowDays, audience, version } = await surveyForm(pat, {});
    const worded = items.map((one) => (text && one.question.item === "reason" ? { ...one, question: { ...one.question, text } } : one));
    return saveSurveyForm(pat, { items: worded, windowDays, audience, basedOn: version, ...(translations === undefined ? {} : { translations: translations as never }) });
  };
  const round = async (who: SignedIn[]) => {
    const { id } = await openSurvey(pat, {});
    for (const [i, one] of who.entries()) await answerSurvey(one, { id, answers: { score: [9, 3, 8, 10, 7, 2, 9, 8][i] ?? 0, reason: ["speed", "docs", "access"][i % 3] ?? "" } });
    await closeSurvey(pat, { id });
    return getResults(pat, { id });
  };

  test("a translation is no changed wording: the series goes on and answers count together", async () => {
    const before = await round(people.slice(0, 8));
    const saved = await save({ de: { ...GERMAN, "Nobody asks this": "Weg damit", Deploying: "  " } });
    expect(saved.translations).toEqual({ de: GERMAN });
    expect(saved.items.map(({ question }) => question.version)).toEqual([1, 1, 1, 1, 1, 1]);
    const after = await round(people.slice(8));
    expect(after.survey.translations).toEqual({ de: GERMAN });
    expect(after.groups[0]?.cells["reason"]?.counts).toEqual(before.groups[0]?.cells["reason"]?.counts);
    expect((await npsMetric(pat, { node: "org" })).series.map(({ n }) => n)).toEqual([8, 8]);
  });

  test("translations stay when a saving does not speak of them, and go with the words that they translate", async () => {
    expect((await save(undefined)).translations).toEqual({ de: GERMAN });
    const { [Object.keys(GERMAN)[1] as keyof typeof GERMAN]: _gone, ...rest } = GERMAN;
    expect((await save(undefined, "Why is that?")).translations).toEqual({ de: rest });
    expect((await save({})).translations).toEqual({});
    expect(await getOpenSurvey(pat, {})).toBeNull();
  });

  test.each([
    [{ en: { a: "b" } }],
    [{ "../de": { a: "b" } }],
    [{ xx: { a: "b" } }],
    [{ de: { a: 7 } }],
    [{ de: { a: "x".repeat(301) } }],
    [{ de: { ["x".repeat(201)]: "b" } }],
    [{ de: "all" }],
    [Object.fromEntries(["ar", "cs", "da", "de", "el", "es", "fi", "fr", "he", "hi", "hu", "id", "it"].map((code) => [code, { a: "b" }]))],
  ])("translations that are none are refused: %#", async (translations) => {
    expect(await outcome(save(translations))).toBe("invalid");
  });
});
