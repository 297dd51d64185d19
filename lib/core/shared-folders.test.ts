import { expect, it } from "vitest";
import { sharedFolders } from "./shared-folders";

const template = (line: string) => `metadata:\n  annotations:\n    ${line}\n  name: x\n`;

it.each([
  ["one", "waymark.dev/shared: common", ["common"]],
  ["two in quotes", 'waymark.dev/shared: "common, node-base"', ["common", "node-base"]],
  ["none", "waymark.dev/version: 1.0.0", []],
  ["a way out", "waymark.dev/shared: ../secrets", []],
  ["an absolute path", "waymark.dev/shared: /etc", []],
])("reads %s", (_name, line, expected) => {
  expect(sharedFolders(template(line))).toEqual(expected);
});
