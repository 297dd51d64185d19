import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import type { Schema } from "@/lib/core/schema-messages";
import { askedValues, givenValues, setArguments } from "./given-values";
import { SchemaForm } from "./schema-form";
import { splitSchema } from "./ui-schema";
import { problemsOf } from "./validator";

const html = (page: Schema, values: Record<string, unknown> = {}, more: Partial<Parameters<typeof SchemaForm>[0]> = {}) =>
  renderToStaticMarkup(<SchemaForm pages={[page]} values={values} onChange={() => {}} {...more} />);

const STORE: Schema = {
  properties: { store: { type: "string", title: "Store", enum: ["none", "postgres", "bucket"], enumNames: ["Nothing", "Postgres", "Bucket"] } },
  dependencies: {
    store: {
      oneOf: [
        { properties: { store: { enum: ["none"] } } },
        { properties: { store: { enum: ["postgres"] }, size: { type: "string", title: "Size", "ui:help": "Can grow later." } }, required: ["size"] },
        { properties: { store: { enum: ["bucket"] }, region: { type: "string", title: "Region", "ui:widget": "textarea" } } },
      ],
    },
  },
};

describe("SchemaForm", () => {
  it("asks each question with its label, help, and whether it is required", () => {
    const page = {
      required: ["name"],
      properties: { name: { type: "string", title: "Name", description: "How it is called.", "ui:help": "Lower case.", "ui:autofocus": true }, copies: { type: "integer" } },
    };
    const text = html(page, { name: "shop" });
    expect(text).toContain('<label for="values.name">Name<span class="muted"> (required)</span></label>');
    expect(text).toContain('id="values.name-help">How it is called. Lower case.<');
    expect(text).toMatch(/<input[^>]*autofocus=""[^>]*name="values.name" value="shop"/i);
    expect(text).toContain('<label for="values.copies">copies</label>');
    expect(text).toMatch(/inputMode="decimal"/i);
    expect(text).not.toContain("<form");
    expect(text).not.toContain("style=");
  });

  it("shows names of choices, passwords, long texts and hidden questions", () => {
    const page = {
      properties: {
        level: { type: "string", enum: ["a", "b"], enumNames: ["First", "Second"], default: "b" },
        secret: { type: "string", "ui:field": "Secret" },
        note: { type: "string", "ui:widget": "textarea", "ui:options": { rows: 9 } },
        marker: { type: "string", default: "x", "ui:widget": "hidden" },
        isPublic: { type: "boolean", title: "Public" },
        kind: { type: "string", enum: ["x", "y"], "ui:widget": "radio" },
        tags: { type: "array", title: "Tags", uniqueItems: true, items: { type: "string", enum: ["p", "q"] }, "ui:widget": "checkboxes" },
        custom: { type: "string", title: "Custom", "ui:field": "SomethingOfTheirs" },
      },
    };
    const text = html(page);
    expect(text).toContain('<option value="1" selected="">Second</option>');
    expect(text).toMatch(/type="password"[^>]*name="values.secret"/);
    expect(text).toMatch(/<textarea[^>]*rows="9"/);
    expect(text).not.toContain("marker");
    expect(text).toMatch(/<label class="check" for="values.isPublic"><input[^>]*type="checkbox"[^>]*\/>Public<\/label>/);
    expect(text.match(/type="radio"/g)).toHaveLength(2);
    expect(text.match(/name="values.tags"/g)).toHaveLength(2);
    expect(text).toMatch(/<input[^>]*name="values.custom"/);
  });

  it("shows what belongs to the chosen branch alone, with its hints", () => {
    expect(html(STORE, { store: "none" })).not.toMatch(/Size|Region/);
    expect(html(STORE, { store: "postgres" })).toContain('id="values.size-help">Can grow later.<');
    expect(html(STORE, { store: "bucket" })).toMatch(/<textarea[^>]*name="values.region"/);
  });

  it("follows if, then and else", () => {
    const page = {
      properties: { a: { type: "boolean" } },
      if: { properties: { a: { const: true } }, required: ["a"] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { properties: { b: { type: "string", title: "Domain" } } },
    };
    expect(html(page, { a: true })).toContain("Domain");
    expect(html(page, { a: false })).not.toContain("Domain");
  });

  it("lists entries of arrays and groups, with their buttons and errors beside them", () => {
    const page = {
      properties: {
        hosts: { type: "array", title: "Hosts", items: { type: "string" } },
        limits: { type: "object", title: "Limits", properties: { memory: { type: "integer", title: "Memory" } } },
      },
    };
    const text = html(page, { hosts: ["a", "b"], limits: { memory: 0 } }, { errors: { "limits.memory": "At least 1.", hosts: "At most 1." } });
    expect(text).toContain('<legend class="label">Limits</legend>');
    expect(text.match(/aria-label="Remove entry/g)).toHaveLength(2);
    expect(text).toMatch(/aria-invalid="true"[^>]*aria-describedby="values.limits.memory-error"/);
    expect(text).toContain("At least 1.");
    expect(text).toContain("At most 1.");
  });

  it("offers teams and entities where it is given them, and plain fields where not", () => {
    const page = {
      required: ["owner"],
      properties: {
        owner: { type: "string", "ui:field": "OwnerPicker" },
        api: { type: "string", "ui:field": "EntityPicker", "ui:options": { catalogFilter: { kind: "API" } } },
        repoUrl: { type: "string", "ui:field": "RepoUrlPicker" },
      },
    };
    const pickers = {
      owners: [{ value: "group:default/checkout", label: "Checkout" }],
      entities: [
        { value: "api:default/pay", label: "Pay", kind: "api" },
        { value: "component:default/x", label: "X", kind: "component" },
      ],
    };
    const text = html(page, { owner: "group:default/checkout" }, { pickers });
    expect(text).toContain('<option value="group:default/checkout" selected="">Checkout</option>');
    expect(text).toContain('<option value="api:default/pay">');
    expect(text).not.toContain("component:default/x");
    expect(text).toContain('aria-label="Owner of the repository"');
    expect(html(page)).toMatch(/<input[^>]*name="values.owner"/);
  });

  it("leaves out questions that are asked elsewhere, and shows one page of several", () => {
    const pages = [
      { title: "One", properties: { name: { type: "string" }, a: { type: "string" } }, required: ["name"] },
      { title: "Two", properties: { b: { type: "string" } } },
    ];
    const text = renderToStaticMarkup(<SchemaForm pages={pages} page={1} values={{}} onChange={() => {}} />);
    expect(text).toContain("Two");
    expect(text).not.toContain("values.a");
    expect(renderToStaticMarkup(<SchemaForm pages={pages} values={{}} onChange={() => {}} without={["name"]} />)).not.toContain("values.name");
  });
});

describe("values of a form", () => {
  it("are explained by the browser in the words of the server", () => {
    const schema = { required: ["name"], properties: { name: { type: "string", pattern: "^[a-z]+$", "ui:help": "Lower case letters" } } };
    expect(problemsOf(schema, {})).toEqual({ name: "Give a value. Lower case letters." });
    expect(problemsOf(schema, { name: "A" })).toEqual({ name: '"A" does not fit. Lower case letters.' });
    expect(problemsOf(schema, { name: "a" })).toEqual({});
  });

  it("that only repeat the form's own answers are not sent", () => {
    const pages = [{ properties: { name: { type: "string" }, level: { type: "string", default: "info" } } }];
    expect(givenValues(pages, { name: "x", level: "info", note: "", list: [] })).toEqual({ name: "x" });
  });

  it("of questions that come with certain answers are sent like the others, and those of no question are not", () => {
    const pages = [
      { properties: { db: { type: "boolean" } }, dependencies: { db: { oneOf: [{ properties: { db: { enum: [true] }, engine: { type: "string" } } }] } } },
      { if: { properties: { exposure: { const: "inside" } } }, else: { properties: { host: { type: "string" } } }, properties: { exposure: { type: "string" } } },
    ];
    const answers = { db: true, engine: "pg", exposure: "public", host: "shop.example.com" };
    expect(askedValues(pages, { ...answers, ghost: "x" })).toEqual(answers);
  });

  it("are quoted for the shell, and secrets are left to it", () => {
    expect(setArguments({ name: "shop", "api-token": "hunter2" }, ["api-token"])).toEqual(["--set name=shop", '--set api-token="$API_TOKEN"']);
    expect(setArguments({ name: "shop", description: "it's; $(id)", n: 3 })).toEqual(["--set name=shop", "--set 'description=it'\\''s; $(id)'", "--set n=3"]);
  });

  it("keep unknown keywords of a schema and lose none of its rules", () => {
    const page = { type: "object", properties: { a: { type: "string", pattern: "x", "ui:help": "h" } }, "x-own": 1 };
    expect(splitSchema(page)).toEqual({ schema: { type: "object", properties: { a: { type: "string", pattern: "x" } }, "x-own": 1 }, uiSchema: { a: { "ui:help": "h" } } });
  });
});
