import { expect, test } from "vitest";
import { DomainError } from "../errors";
import { withRowPaths } from "./rows";

const refused = (turned: unknown[][] | null, path: string) =>
  withRowPaths(turned, () => Promise.reject(new DomainError("invalid", `${path}: It is wrong.`, { fields: [{ path, message: "It is wrong." }] })));

test.each([
  ["the only document", [[{}]], "items.0.commit", "commit"],
  ["the only document, which became two rows", [[{}, {}]], "items.1.commit", "commit"],
  ["the second document, after one that became two rows", [[{}, {}], [{}]], "items.2.commit", "items.1.commit"],
  ["a document that is no row", [[{}], [null]], "items.1", "items.1"],
  ["the body as a whole", [[{}], [{}]], "items", "items"],
])("an error names %s", async (_what, turned, path, named) => {
  await expect(refused(turned, path)).rejects.toMatchObject({ message: `${named}: It is wrong.`, fields: [{ path: named }] });
});
