import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import type { Schema } from "@/lib/core/schema-messages";
import { entityQuery } from "./entity-options";
import { readRepoUrl, writeRepoUrl } from "./repository-widgets";
import { SchemaForm } from "./schema-form";

const pickers = {
  owners: [{ value: "group:default/checkout", label: "Checkout" }],
  entities: [
    { value: "component:default/shop", label: "Shop", kind: "component" },
    { value: "system:default/sales", label: "Sales", kind: "system" },
  ],
  ownEntities: [{ value: "component:default/mine", label: "Mine", kind: "component" }],
  tags: ["node", "java"],
  repositoryOwners: ["acme", "checkout"],
  repositoryHosts: [
    { host: "gitlab.example.com", provider: "gitlab", owner: "acme/platform" },
    { host: "dev.azure.com", provider: "azure", owner: "acme/Shop" },
  ],
};
const html = (property: Schema, value?: unknown) =>
  renderToStaticMarkup(
    <SchemaForm pages={[{ properties: { it: { title: "It", ...property } } }]} values={value === undefined ? {} : { it: value }} onChange={() => {}} pickers={pickers} />,
  );
const text = (field: string, more: Schema = {}) => html({ type: "string", "ui:field": field, ...more });
const list = (field: string, value?: unknown, more: Schema = {}) => html({ type: "array", items: { type: "string" }, "ui:field": field, ...more }, value);

describe("pickers of Backstage", () => {
  it("offer what the catalog has", () => {
    expect(text("OwnerPicker")).toContain('<option value="group:default/checkout">Checkout</option>');
    expect(text("MyGroupsPicker")).toContain("group:default/checkout");
    expect(text("EntityPicker")).toContain("component:default/shop");
    expect(text("EntityPicker", { "ui:options": { catalogFilter: { kind: "System" } } })).not.toContain("component:default/shop");
    expect(text("OwnedEntityPicker")).toContain("component:default/mine");
    expect(text("OwnedEntityPicker")).not.toContain("component:default/shop");
    expect(text("RepoOwnerPicker")).toContain('<option value="acme">');
    expect(text("RepoBranchPicker")).toContain('placeholder="main"');
    expect(text("EntityNamePicker")).toMatch(/<input[^>]*name="values.it"/);
    expect(text("Secret")).toContain('type="password"');
  });

  it("take several: entities of the wanted kind, and tags", () => {
    const entities = list("MultiEntityPicker", ["component:default/shop"], { "ui:options": { catalogFilter: [{ kind: "System" }] } });
    expect(entities).toContain('aria-label="Remove component:default/shop"');
    expect(entities).toContain('<option value="system:default/sales">');
    const tags = list("EntityTagsPicker", ["node"]);
    expect(tags).toContain('aria-label="Remove node"');
    expect(tags).toContain('<option value="java">');
  });

  it("ask for owner and name of a repository", () => {
    const shown = html(
      { type: "string", "ui:field": "RepoUrlPicker", "ui:options": { allowedHosts: ["github.com", "ghe.example.com"], allowedOwners: ["fellside"] } },
      "ghe.example.com?owner=acme&repo=shop",
    );
    expect(shown).toMatch(/aria-label="Owner of the repository"[^>]*value="acme"/);
    expect(shown).toMatch(/aria-label="Name of the repository"[^>]*value="shop"/);
    expect(shown).toContain('<option selected="">ghe.example.com</option>');
    expect(shown).toContain('<option value="fellside">');
  });

  it("offer the hosts that are connected, and name the parts of an owner as each host does", () => {
    const shown = html({ type: "string", "ui:field": "RepoUrlPicker" }, "dev.azure.com?organization=acme&project=Shop&repo=web");
    expect(shown).toContain("<option>gitlab.example.com</option>");
    expect(shown).toMatch(/aria-label="Owner of the repository"[^>]*placeholder="organisation\/project"/);
    expect(shown).toMatch(/aria-label="Owner of the repository"[^>]*value="acme\/Shop"/);
    expect(html({ type: "string", "ui:field": "RepoUrlPicker", "ui:options": { allowedHosts: ["github.com"] } })).not.toContain("gitlab.example.com");
  });

  it.each([
    ["azure", "dev.azure.com", "acme/Shop Floor", "dev.azure.com?organization=acme&project=Shop+Floor&repo=web"],
    ["bitbucket", "bitbucket.org", "acme/SHOP", "bitbucket.org?workspace=acme&project=SHOP&repo=web"],
    ["bitbucket", "bitbucket.org", "acme", "bitbucket.org?workspace=acme&repo=web"],
    ["gitlab", "gitlab.com", "acme/platform", "gitlab.com?owner=acme%2Fplatform&repo=web"],
  ])("write an owner of %s at %s so that it is read again: %s", (provider, host, owner, written) => {
    expect(writeRepoUrl({ host, owner, repo: "web" }, provider)).toBe(written);
    expect(readRepoUrl(written, "x")).toEqual({ host, owner, repo: "web" });
  });

  it("that are unknown become a plain field with a note", () => {
    expect(text("SomethingOfTheirs")).toMatch(/<input[^>]*name="values.it"/);
    expect(text("SomethingOfTheirs")).toContain("The template means the field SomethingOfTheirs, which is not known here.");
    expect(html({ type: "string", "ui:widget": "colour-wheel" })).toContain("the field colour-wheel");
  });
});

describe("the address of a repository", () => {
  it.each(["github.com?owner=acme&repo=shop", "ghe.example.com?owner=a%20b&repo=c"])("is read and written alike: %s", (address) => {
    const read = readRepoUrl(address, "github.com");
    expect(readRepoUrl(writeRepoUrl(read), "x")).toEqual(read);
  });

  it("is nothing while it is empty, and keeps what is typed first", () => {
    expect(writeRepoUrl(readRepoUrl(undefined, "github.com"))).toBeUndefined();
    expect(writeRepoUrl({ host: "github.com", owner: "acme", repo: "" })).toBe("github.com?owner=acme");
  });
});

describe("the catalog asked for what is typed", () => {
  const filters = (options: Record<string, unknown>, owners: string[] = [], typed = "") => new URLSearchParams(entityQuery(options, owners, typed)).getAll("filter");

  it("by the template's filter: alternatives, several values of a key, keys that are to be there", () => {
    const catalogFilter = [
      { kind: ["Component", "Resource"], "spec.type": "database" },
      { kind: "API", "metadata.annotations.x": { exists: true } },
    ];
    expect(filters({ catalogFilter })).toEqual(["kind=Component,kind=Resource,spec.type=database", "kind=API,metadata.annotations.x"]);
    expect(filters({ allowedKinds: ["Group"] })).toEqual(["kind=Group"]);
    expect(filters({ owned: true }, ["group:default/a", "group:default/b"])).toEqual(["relations.ownedBy=group:default/a,relations.ownedBy=group:default/b"]);
    expect(filters({})).toEqual([]);
  });

  it("and by the name in what is typed, with or without kind and namespace", () => {
    expect(new URLSearchParams(entityQuery({}, [], "system:default/ord")).get("fullTextFilterTerm")).toBe("ord");
    expect(new URLSearchParams(entityQuery({}, [], " ord ")).get("fullTextFilterTerm")).toBe("ord");
    expect(new URLSearchParams(entityQuery({}, [], "system:default/")).has("fullTextFilterTerm")).toBe(false);
  });
});
