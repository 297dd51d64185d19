import { expect, test } from "vitest";
import { addressWith, readAddress } from "./address";

const read = (params: Record<string, string>) => readAddress("/delivery", params);

test("a service that a link names as the node is the chosen service, so that the list of services shows it", () => {
  expect(read({ node: "component:default/till" })).toMatchObject({ node: undefined, service: "component:default/till" });
  expect(addressWith(read({ node: "component:default/till" }), { service: undefined })).toBe("/delivery");
  expect(read({ node: "group:default/checkout", service: "component:default/till" })).toMatchObject({ node: "group:default/checkout", service: "component:default/till" });
});

test.each(["org", "checkout", "group:default/checkout", "Group:default/checkout"])("%s stays the group", (node) => {
  expect(read({ node })).toMatchObject({ node, service: undefined });
});
