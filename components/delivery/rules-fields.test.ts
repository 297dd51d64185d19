import { expect, test } from "vitest";
import { DEFAULT_RULES, type Rules } from "@/lib/metrics/contract";
import { RULE_FIELDS } from "./rules-fields";

const rules: Rules = {
  ...DEFAULT_RULES,
  tiers: [{ environment: "live-*", tier: "production" }],
  workflows: [{ workflow: "Deploy = ship", environment: "live" }],
  paths: { "component:default/shop": ["apps/shop", "libs/*"] },
  aiSignals: [...DEFAULT_RULES.aiSignals, { field: "line", class: "assisted", pattern: "made with a = b", tool: "Some tool" }],
};

test("every rule is read back as it was typed", () => {
  for (const [name, field] of Object.entries(RULE_FIELDS)) expect(field.write({ ...rules }, field.read(rules)), name).toEqual(rules);
});
