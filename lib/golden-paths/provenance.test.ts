import { expect, it } from "vitest";
import { provenanceText, upgradedProvenance } from "./provenance";

const made = (answers: Record<string, unknown>) =>
  provenanceText({ goldenPath: { name: "web", version: "1.0.0" }, answers, createdBy: "user:default/ada", createdAt: "2026-01-01T00:00:00.000Z" });

it("an upgrade that asks nothing new changes the version in the record of the origin, and no other line", () => {
  const before = made({ name: "shop", owner: "group:default/checkout", database: true });
  const after = upgradedProvenance(before, { version: "1.1.0", answers: { owner: "group:default/checkout", name: "shop", database: true }, ejected: [] });
  expect(after).toBe(before.replace("1.0.0", "1.1.0"));
});

it("new answers come last, and those that are asked for no more are gone", () => {
  const after = upgradedProvenance(made({ name: "shop", port: 1, database: true }), { version: "2.0.0", answers: { size: "s", database: false, name: "shop" }, ejected: [] });
  expect(Object.entries(JSON.parse(after).answers)).toEqual([
    ["name", "shop"],
    ["database", false],
    ["size", "s"],
  ]);
});
