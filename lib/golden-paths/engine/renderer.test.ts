import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Renderer, RenderFailure } from "./renderer";

let thread: Renderer;
beforeEach(() => {
  thread = new Renderer(process.cwd());
});
afterEach(() => thread.close());

const ENDLESS = { schema: { properties: { x: { pattern: "^(a+)+$" } } }, instance: { x: `${"a".repeat(40)}!` } };

function values(input: unknown, context: object = {}, failed = false) {
  return thread.ask("values", { input, context, failed });
}

describe("typed values", () => {
  const context = { parameters: { list: [1, "two", { three: 3 }], count: 3, isOn: false, group: { a: { b: "c" } }, nothing: null, name: "shop" } };

  it.each([
    [`\${{ parameters.list }}`, [1, "two", { three: 3 }]],
    [`\${{ parameters.count }}`, 3],
    [`\${{ parameters.isOn }}`, false],
    [`\${{ parameters.group.a }}`, { b: "c" }],
    [`\${{ parameters.nothing }}`, null],
    [`\${{ parameters.count + 1 }}`, 4],
    [`\${{ parameters.count }} copies`, "3 copies"],
    [` \${{ parameters.count }}`, " 3"],
    [`\${{ parameters.name }}-\${{ parameters.count }}`, "shop-3"],
    [`\${{ 'yes' if parameters.isOn else 'no' }}`, "no"],
    ["{% if parameters.isOn %}yes{% else %}no{% endif %}", "no"],
    [`\${{ parameters.group | dump }}`, '{"a":{"b":"c"}}'],
    [`\${{ parameters.list | length }}`, 3],
    ["plain", "plain"],
    ["", ""],
  ])("%j gives %j", async (source, expected) => {
    expect((await values({ x: source }, context)).value).toEqual({ x: expected });
  });

  it("walks lists and groups, never keys, and renders nothing twice", async () => {
    const input = { [`\${{ parameters.name }}`]: [`\${{ parameters.name }}`, { deep: `\${{ parameters.count }}` }], n: 1, b: true, z: null };
    expect((await values(input, context)).value).toEqual({ [`\${{ parameters.name }}`]: ["shop", { deep: 3 }], n: 1, b: true, z: null });
    const twice = { parameters: { name: `\${{ parameters.other }}`, other: "secret" } };
    expect((await values(`\${{ parameters.name }}`, twice)).value).toBe(`\${{ parameters.other }}`);
  });

  it("drops what is not there, also deep below it", async () => {
    const { value, warnings } = await values({ a: `\${{ steps.publish.output.url }}`, b: `x\${{ nothing }}` }, context);
    expect(value).toEqual({ b: "x" });
    expect(warnings).toEqual([]);
  });

  it("keeps the text of a failing expression and says so", async () => {
    const { value, warnings } = await values({ list: [`\${{ parameters.name | unknownFilter }}`] }, context);
    expect(value).toEqual({ list: [`\${{ parameters.name | unknownFilter }}`] });
    expect(warnings).toEqual([{ path: "list.0", message: expect.stringContaining("unknownFilter") }]);
  });

  it("knows whether always() or failure() was asked", async () => {
    expect(await values(`\${{ always() }}`, {})).toMatchObject({ value: true, asksStatus: true });
    expect(await values(`\${{ failure() }}`, {}, false)).toMatchObject({ value: false, asksStatus: true });
    expect(await values(`\${{ failure() }}`, {}, true)).toMatchObject({ value: true, asksStatus: true });
    expect(await values(`\${{ 1 }}`, {}, true)).toMatchObject({ value: 1, asksStatus: false });
  });
});

describe("filters", () => {
  it.each([
    ["'github.com?owner=acme&repo=shop' | parseRepoUrl", { host: "github.com", owner: "acme", repo: "shop" }],
    ["'dev.azure.com?organization=o&project=p&repo=r' | parseRepoUrl", { host: "dev.azure.com", organization: "o", project: "p", repo: "r" }],
    ["'github.com?owner=acme&repo=/shop/' | parseRepoUrl | pick('repo')", "shop"],
    ["('github.com?owner=acme&repo=shop' | parseRepoUrl).owner", "acme"],
    ["'github.com?owner=acme&repo=shop' | projectSlug", "acme/shop"],
    ["'component:default/shop' | parseEntityRef", { kind: "component", namespace: "default", name: "shop" }],
    ["'shop' | parseEntityRef({ defaultKind: 'component', defaultNamespace: 'x' })", { kind: "component", namespace: "x", name: "shop" }],
    ["'group:team' | parseEntityRef | pick('namespace')", "default"],
    ["{ a: { b: [1, { c: 5 }] } } | pick('a.b[1].c')", 5],
    ["{ a: 1 } | pick('b')", undefined],
    ["'A B' | lower | replace(' ', '-')", "a-b"],
    ["[1, 2] | join(', ')", "1, 2"],
    ["missing | default('x')", "x"],
  ])("%s", async (expression, expected) => {
    expect((await values(`\${{ ${expression} }}`)).value).toEqual(expected);
  });

  it.each(["'github.com' | parseRepoUrl", "5 | parseRepoUrl", "'shop' | parseEntityRef", "':x' | parseEntityRef"])("%s explains what it needs", async (expression) => {
    expect((await values(`\${{ ${expression} }}`)).warnings[0]?.message).toMatch(/needs a|needs repo/);
  });
});

describe("the thread", () => {
  it("is ended at the deadline and started again for the next request", async () => {
    const started = performance.now();
    await expect(thread.ask("validate", ENDLESS, { deadlineMs: 300 })).rejects.toThrow(/took longer than 0.3 seconds/);
    expect(performance.now() - started).toBeLessThan(12_000);
    expect((await values(`\${{ 1 + 1 }}`)).value).toBe(2);
  });

  it("answers requests behind a slow one, each with its own deadline", async () => {
    const slow = thread.ask("validate", ENDLESS, { deadlineMs: 300 });
    const behind = Array.from({ length: 20 }, (_, n) => values(`\${{ ${n} }}`));
    await expect(slow).rejects.toBeInstanceOf(RenderFailure);
    expect((await Promise.all(behind)).map((answer) => answer.value)).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  it("lets a cancelled caller go at once, also one that waits its turn", async () => {
    await values("warm");
    const [running, waiting] = [new AbortController(), new AbortController()];
    const first = thread.ask("validate", ENDLESS, { signal: running.signal });
    const second = thread.ask("values", { input: "x", context: {}, failed: false }, { signal: waiting.signal });
    const started = performance.now();
    waiting.abort(new Error("cancelled second"));
    await expect(second).rejects.toThrow("cancelled second");
    running.abort(new Error("cancelled first"));
    await expect(first).rejects.toThrow("cancelled first");
    expect(performance.now() - started).toBeLessThan(5_000);
    expect((await values(`\${{ 3 }}`)).value).toBe(3);
  });

  it("keeps nothing from one request to the next", async () => {
    await values(`{% set leaked = 'secret' %}\${{ leaked }}`, { parameters: { x: 1 } });
    expect((await values({ a: `\${{ leaked }}`, b: `\${{ parameters.x }}` })).value).toEqual({});
  });

  it("has none of the process's environment variables", async () => {
    const { value } = await values({ a: `\${{ process.env.PATH }}`, b: `\${{ env.PATH }}` });
    expect(value).toEqual({});
  });

  it("says what is missing when it cannot start", async () => {
    await expect(new Renderer("/nowhere").ask("values", { input: "x", context: {}, failed: false })).rejects.toThrow(/did not start from \/nowhere/);
  });
});

describe("texts", () => {
  it("renders several sources with the same values and names line and column of a mistake", async () => {
    const request = { context: { values: { name: "shop" } }, options: {} };
    expect((await thread.ask("texts", { ...request, sources: [`a \${{ values.name }}`, "{% if values.name %}b{% endif %}"] })).texts).toEqual(["a shop", "b"]);
    const failure = thread.ask("texts", { ...request, sources: [`line 1\n\${{ values.name | }}`] });
    await expect(failure).rejects.toMatchObject({ detail: { line: 2, isLimit: false } });
  });

  it("trims blocks only when asked", async () => {
    const sources = ["{% if true %}\nx\n  {% endif %}\ny\n"];
    const render = async (options: object) => (await thread.ask("texts", { sources, context: {}, options })).texts[0];
    expect(await render({})).toBe("\nx\n  \ny\n");
    expect(await render({ trimBlocks: true, lstripBlocks: true })).toBe("x\ny\n");
  });
});

// The built app holds this module in several bundles, which share one renderer.
it("a failure is recognised by the class of another bundle", async () => {
  vi.resetModules();
  const other = await import("./renderer");
  expect(other.RenderFailure).not.toBe(RenderFailure);
  const failure = await thread.ask("validate", ENDLESS, { deadlineMs: 100 }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(other.RenderFailure);
  expect(new Error("else") instanceof other.RenderFailure).toBe(false);
});
