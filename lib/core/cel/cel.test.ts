import { afterAll, describe, expect, test } from "vitest";
import { Cel, celThread, MAX_EXPRESSION, type Outcome } from "./cel";

const cel = new Cel(
  { entity: null, docs: { present: "bool", pages: "int", paths: "list<string>", answers: "map<string, dyn>" }, speed: { hours: "double" }, channel: "string" },
  celThread(process.cwd()),
);
afterAll(() => cel.close());

const FACTS = {
  entity: { kind: "Component", spec: { type: "service", replicas: 3 } },
  docs: { present: true, pages: 3, paths: ["index.md"], answers: { region: "eu" } },
  speed: {},
  channel: "web",
};
const say = async (expression: string, facts: Record<string, unknown> = FACTS): Promise<Outcome | undefined> => (await cel.evaluate([expression], [facts]))[0]?.[0];
const problem = async (expression: string) => (await cel.check([expression]))[0]?.problem;

describe("a condition", () => {
  test.each([
    ["docs.present", true],
    ["docs.pages >= 4", false],
    ["docs.pages > 1.5", true],
    ['entity.spec.type == "service" && entity.spec.replicas > 2', true],
    ['docs.paths.exists(one, one.startsWith("index"))', true],
    ["has(entity.spec.owner)", false],
    ["has(speed.hours)", false],
    // What is not known takes part only where it decides.
    ["docs.present || speed.hours < 24.0", true],
    ["!docs.present && speed.hours < 24", false],
    ['channel == "web" && docs.answers.region == "eu" && !has(docs.answers.size)', true],
  ])("%s is %s", async (expression, expected) => expect(await say(expression)).toBe(expected));

  test("says which fact is missing where that decides", async () => {
    expect(await say("docs.present && speed.hours < 24")).toEqual({ missing: ["speed", "hours"] });
    expect(await say('entity.spec.owner == "x"')).toEqual({ missing: ["entity", "spec", "owner"] });
    expect(await say('entity.spec.owner == "x"', { ...FACTS, entity: {} })).toEqual({ missing: ["entity", "spec"] });
    expect(await say("docs.pages > 1", {})).toEqual({ missing: ["docs", "pages"] });
    expect(await say('docs.answers.size == "large"')).toEqual({ missing: ["docs", "answers", "size"] });
  });

  test("says why it gives neither true nor false", async () => {
    expect(await say("entity.kind")).toEqual({ because: "It gives string, not true or false." });
    expect(await say("entity.kind > 3")).toMatchObject({ because: expect.stringContaining("string > int") });
  });

  test("names the facts that it looks at", async () => {
    const [found] = await cel.check(['docs.present && entity.metadata.annotations["a.b/c"] == "x" && size(docs.paths) > 0']);
    expect(found).toEqual({
      problem: null,
      references: [
        ["docs", "present"],
        ["entity", "metadata", "annotations", "a.b/c"],
        ["docs", "paths"],
      ],
    });
  });

  test.each([
    ["speed.hours == 24", 1, 1, "double == int: these two types do not go together. Write the number with a point, such as 13.0."],
    ["docs.presnt", 1, 6, "docs has no presnt. Did you mean present?"],
    ["has(docs.zz)", 1, 10, "docs has no zz. It has: present, pages, paths, answers."],
    ["doc.present", 1, 1, "There is no doc. Did you mean docs?"],
    ["chanel == 'web'", 1, 1, "There is no chanel. Did you mean channel?"],
    ["docs.present &&\n  docs.pages == 'many'", 2, 3, "int == string: these two types do not go together."],
    ["docs.present &&", 1, 16, "Unexpected token: EOF."],
    ["docs.pages", 1, 1, "It gives int, not true or false. Compare it with something."],
    ["fetch('x')", 1, 1, "There is no such function: fetch(string)."],
    ["", 1, 1, "Write a condition, for example docs.present."],
  ])("%s is refused with its place", async (expression, line, column, message) => expect(await problem(expression)).toEqual({ line, column, message }));

  test("is refused when it is too long or nested too deep", async () => {
    expect((await problem("docs.present && ".repeat(700)))?.message).toContain(`longer than ${MAX_EXPRESSION.toLocaleString("en")}`);
    expect((await problem(`${"(".repeat(300)}docs.present${")".repeat(300)}`))?.message).toContain("nested too deep");
  });

  test.each(["entity.__proto__ == null", "entity.constructor == null", 'entity["constructor"].prototype == null', "entity.toString == null", "docs.__proto__ == null"])(
    "%s reaches nothing",
    async (expression) => {
      const [found] = await cel.check([expression]);
      expect(found?.problem ? true : await say(expression)).not.toBe(false);
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    },
  );

  test("that costs without end is cut off, and its neighbours are decided all the same", async () => {
    const list = `[${Array.from({ length: 200 }, (_, index) => index).join(",")}]`;
    const endless = `${list}.all(a, ${list}.all(b, ${"[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19]"}.all(c, [0,1,2,3,4,5,6,7,8,9].all(d, a + b + c + d >= 0))))`;
    expect(endless.length).toBeLessThan(MAX_EXPRESSION);
    const slow = '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!".matches("^(a+)+$")';
    const [first, second, third] = await cel.evaluate([endless, "docs.present", slow], [FACTS, FACTS, FACTS]);
    expect(second).toEqual([true, true, true]);
    for (const one of [first, third]) expect(one?.[0]).toMatchObject({ because: expect.stringContaining("takes too long") });
  });
});
