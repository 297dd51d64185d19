import { renderToStaticMarkup } from "react-dom/server";
import { expect, test, vi } from "vitest";
import type { CheckResult, EntityScorecard } from "@/lib/scorecards/contract";
import { EntityScorecardView } from "./entity-scorecard";

vi.mock("next/navigation", () => ({ useRouter: () => ({ refresh: () => {} }) }));
vi.mock("@/lib/scorecards/actions", () => ({}));

const NOW = "2026-11-28T12:00:00.000Z";
const LEVEL = { index: 0, of: 1, name: null, title: "Below Bronze" };
const check = (state: CheckResult["state"]): CheckResult => ({
  id: "pipeline",
  title: "Has a pipeline",
  level: "bronze",
  condition: "repository.ci",
  why: "Because.",
  fix: "Add one.",
  effort: "small",
  action: "add-pipeline",
  state,
  lastKnown: null,
  reason: null,
  observed: [],
  stateSince: NOW,
  exception: null,
  due: null,
});
const card = (state: CheckResult["state"]): EntityScorecard => ({
  name: "readiness",
  title: "Readiness",
  description: "",
  levels: [{ name: "bronze", title: "Bronze" }],
  level: LEVEL,
  previousLevel: null,
  levelSince: NOW,
  evaluatedAt: NOW,
  next: [],
  checks: [check(state)],
  mayExempt: false,
});
const shown = (state: CheckResult["state"], actions: { name: string; title: string; locked: string | null }[]) =>
  renderToStaticMarkup(<EntityScorecardView card={card(state)} entityRef="component:default/shop" actions={actions} now={NOW} />);

const REMEDY = { name: "add-pipeline", title: "Add a pipeline", locked: null };
const HREF = 'href="/actions/add-pipeline?entity=component%3Adefault%2Fshop"';

test("a check that needs work offers its action with the entity filled in", () => {
  for (const state of ["fail", "unknown"] as const) expect(shown(state, [REMEDY])).toContain(HREF);
  for (const state of ["pass", "ejected", "exempt"] as const) expect(shown(state, [REMEDY])).not.toContain(HREF);
});

test("not where the action is gone, cannot be run on the entity, or not by the reader", () => {
  expect(shown("fail", [])).not.toContain("/actions/");
  expect(shown("fail", [{ ...REMEDY, name: "other" }])).not.toContain("/actions/");
  expect(shown("fail", [{ ...REMEDY, locked: "Only owners of checkout." }])).not.toContain("/actions/");
});
