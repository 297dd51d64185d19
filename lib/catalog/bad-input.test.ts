import { beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { BAD_FILES } from "@/tests/setup/bad-catalog-files";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { importEntities } from "./mutations";
import { findEntity } from "./queries";

useOwnDatabase();
let ada: SignedIn;
const good = (name: string) => `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: ${name}}\nspec: {type: service, lifecycle: production, owner: checkout}\n`;

beforeAll(async () => {
  await aTeam("checkout");
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "owner" } }));
});

test.each(BAD_FILES.map((file, at) => [file.what, file, at] as const))("%s", async (_what, { text, refused = [], findings }, at) => {
  const result = await importEntities(ada, {
    files: [
      { name: "before.yaml", text: good(`before-${at}`) },
      { name: "bad.yaml", text },
      { name: "after.yaml", text: good(`after-${at}`) },
    ],
  });
  const rules = (list: { rule: string }[]) => [...new Set(list.map(({ rule }) => rule))].sort();
  expect(rules(result.refused)).toEqual(refused);
  expect(rules(result.findings)).toEqual(findings ?? []);
  for (const one of [...result.refused, ...result.findings]) {
    expect(one.file).toBe("bad.yaml");
    expect(one.line).toBeGreaterThan(0);
    expect(one.message.length).toBeLessThan(400);
    expect(one.fix).not.toBe("");
  }
  for (const name of ["before", "after"]) expect(await findEntity(db(), `component:default/${name}-${at}`)).not.toBeNull();
});

test("a file of 10 MB is refused as a whole, in words", async () => {
  expect(await outcome(importEntities(ada, { files: [{ name: "large.yaml", text: `# ${"x".repeat(10_000_000)}` }] }))).toBe("invalid");
});
