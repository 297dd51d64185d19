import { existsSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { Renderer, RenderFailure } from "./renderer";

const CANARY_FILE = "/tmp/waymark-template-canary";
const DEADLINE_MS = 1_000;
const thread = new Renderer(process.cwd());
afterAll(() => thread.close());

const wrap = (expression: string) => `\${{ ${expression} }}`;
const COMMAND = `require('child_process').execSync('touch ${CANARY_FILE}')`;
const READ_ENV = "return process.env.WAYMARK_SECRET";

/** Ways from a template to the host's code. */
const ESCAPES = [
  `range.constructor("${READ_ENV}")()`,
  `range["constructor"]("${READ_ENV}")()`,
  `range["con" ~ "structor"]("${READ_ENV}")()`,
  `range["con" + "structor"]("${READ_ENV}")()`,
  `range[["constructor"]]("${READ_ENV}")()`,
  `"".constructor.constructor("${READ_ENV}")()`,
  `"".sub.constructor("${READ_ENV}")()`,
  `[].constructor.constructor("${READ_ENV}")()`,
  `[].concat.constructor("${READ_ENV}")()`,
  `{}.constructor.constructor("${READ_ENV}")()`,
  `(1).toFixed.constructor("${READ_ENV}")()`,
  `values.name.constructor.constructor("${READ_ENV}")()`,
  `values.list.map.constructor("${READ_ENV}")()`,
  `values.list.map(range)`,
  `values.list.reduce(range.constructor, "")`,
  `values.__proto__.polluted`,
  `values["__proto__"]["polluted"]`,
  `values.__defineGetter__("x", range)`,
  `values.__lookupGetter__("__proto__")`,
  `values.toString.call(range)`,
  `values.hasOwnProperty.constructor("${READ_ENV}")()`,
  `cycler.constructor("${READ_ENV}")()`,
  `cycler("a").next.constructor("${READ_ENV}")()`,
  `joiner.constructor("${READ_ENV}")()`,
  `joiner(",").constructor("${READ_ENV}")()`,
  `self.constructor.constructor("${READ_ENV}")()`,
  `this.constructor.constructor("${READ_ENV}")()`,
  `super.constructor.constructor("${READ_ENV}")()`,
  `caller.constructor("${READ_ENV}")()`,
  `globalThis.process.mainModule.${COMMAND}`,
  `process.mainModule.${COMMAND}`,
  `process.env.WAYMARK_SECRET`,
  `process.binding("spawn_sync")`,
  `global.process.env`,
  `${COMMAND}`,
  `import("child_process")`,
  `Function("${READ_ENV}")()`,
  `${"eval"}("process.env.WAYMARK_SECRET")`,
  `parentPort.postMessage("owned")`,
  `values.name | constructor`,
  `values.name | attr("constructor")`,
  `"constructor" | pick("constructor")`,
  `values | pick("constructor.constructor")`,
  `values | pick("__proto__.constructor.constructor")`,
  `range | pick("constructor")`,
  `values.name | replace(r/n/, range.constructor)`,
  `values.list | sort(attribute="constructor")`,
  `values.list | groupby("__proto__")`,
  `values.list | map("constructor")`,
  `values | dictsort | first | first | constructor`,
  `{ "__proto__": { polluted: 1 } }.polluted`,
  `"x".at.bind("x").constructor("${READ_ENV}")()`,
].map(wrap);

/** Ways to other files, and statements that run or change something. */
const STATEMENTS = [
  '{% include "/etc/passwd" %}',
  '{% include "../../../../etc/passwd" %}',
  `{% import "/etc/passwd" as x %}\${{ x }}`,
  `{% from "/etc/passwd" import root %}\${{ root }}`,
  '{% extends "/etc/passwd" %}',
  "{% extends range.constructor %}",
  `{% set x = range.constructor("return process")() %}\${{ x.env.WAYMARK_SECRET }}`,
  `{% set constructor = 1 %}\${{ constructor }}`,
  "{% macro constructor() %}{% endmacro %}",
  "{% for constructor in [1] %}x{% endfor %}",
  "{% call range.constructor('return process')() %}{% endcall %}",
  "{% asyncEach x in values.list %}x{% endeach %}",
  `{% raw %}\${{ process.env.WAYMARK_SECRET }}{% endraw %}`,
];

/** Ways to take all time or memory; each names what it multiplies. */
const BOMBS = [
  "{% for i in range(100000000) %}x{% endfor %}",
  "{% for i in range(10000) %}{% for j in range(10000) %}x{% endfor %}{% endfor %}",
  "{% for a in range(999) %}{% for b in range(999) %}{% for c in range(999) %}{% endfor %}{% endfor %}{% endfor %}",
  "{% set a = ['x'] %}{% for i in range(100) %}{% set a = a.concat(a) %}{% endfor %}",
  `{% set a = 'xxxxxxxxxx' %}{% for i in range(60) %}{% set a = a ~ a %}{% endfor %}\${{ a }}`,
  `{% macro f(n) %}\${{ f(n) }}\${{ f(n) }}{% endmacro %}\${{ f(1) }}`,
  wrap("range(1000000000) | join"),
  wrap("range(99999) | batch(1) | dump | length"),
  wrap("'x' | center(1000000000)"),
  wrap("'x\n' | indent(1000000000)"),
  wrap("'x'.repeat(1000000000)"),
  wrap("'x'.padStart(1000000000)"),
  wrap("range(90000) | sort | reverse | join('x' | center(10000))"),
  wrap(`${"(".repeat(200_000)}1`),
  wrap("[".repeat(200_000)),
  wrap(`${"not ".repeat(200_000)}1`),
  wrap(`a${".b".repeat(300_000)}`),
  wrap(`1${" ~ 1".repeat(300_000)}`),
  wrap(`1${" | upper".repeat(100_000)}`),
  "{% if 1 %}".repeat(50_000),
  wrap("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' | replace(r/(a+)+$/, '')"),
  wrap("r/(a+)+$/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!')"),
  wrap("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.match(r/(a+)+$/)"),
  wrap("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.search(r/(a+)+$/)"),
];

const context = { values: { name: "shop", list: [1, 2] } };

/** The rendered text, or null when the template was refused or cut off. */
async function attempt(source: string): Promise<{ text: string | null; elapsedMs: number }> {
  await thread.ask("texts", { sources: ["warm"], context: {}, options: {} });
  const started = performance.now();
  const text = await thread.ask("texts", { sources: [source], context, options: {} }, { deadlineMs: DEADLINE_MS }).then(
    (answer) => answer.texts[0] ?? "",
    (error) => {
      if (error instanceof RenderFailure) return null;
      throw error;
    },
  );
  return { text, elapsedMs: performance.now() - started };
}

describe("a hostile template", () => {
  it.each([...ESCAPES, ...STATEMENTS].map((source) => [source]))("runs nothing: %s", async (source) => {
    const { text } = await attempt(source);
    const secret = process.env.WAYMARK_SECRET ?? "the secret of this test";
    const withoutSource = (text ?? "").replaceAll(source.replaceAll(/\{% (end)?raw %\}/g, ""), "");
    for (const trace of [secret, "root:x:", "[native code]", "function ", "[object Object]"]) expect(withoutSource).not.toContain(trace);
    expect(existsSync(CANARY_FILE)).toBe(false);
    expect(Object.prototype).not.toHaveProperty("polluted");
  });

  it.each(BOMBS.map((source) => [source.length > 80 ? `${source.slice(0, 60)}… (${source.length} characters)` : source, source]))("is cut off: %s", async (_name, source) => {
    const { text, elapsedMs } = await attempt(source);
    expect(text === null || text.length < 5_000_000).toBe(true);
    expect(elapsedMs).toBeLessThan(DEADLINE_MS + 6_000);
  });

  it("is a corpus of at least sixty", () => {
    expect(ESCAPES.length + STATEMENTS.length + BOMBS.length).toBeGreaterThanOrEqual(60);
    expect(ESCAPES.length + STATEMENTS.length).toBeGreaterThanOrEqual(60);
  });
});
