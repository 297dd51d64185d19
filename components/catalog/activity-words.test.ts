import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { activityInWords } from "./activity-words";

/** What `detail.change` is in the audit events of entities, read from the sources that write them. */
const lines = execFileSync("grep", ["-rhE", "--include=*.ts", "--exclude=*.test.ts", "-A3", 'target: \\{ type: "entity"', "lib"], { encoding: "utf8" });
const changes = [...lines.matchAll(/change: (?:\w+ \? )?("[^"]+"(?: : "[^"]+")?)/g)].flatMap(([, told = ""]) => told.split(" : ").map((one) => one.slice(1, -1)));

test("every change of an entity that is written into the audit log reads as a sentence", () => {
  expect(changes).toEqual(expect.arrayContaining(["kept", "confirmed", "edited", "removed", "loaded history", "looked at history", "exception taken back"]));
  for (const change of changes) {
    const words = ["entity.edit", "event.ingest", "scorecard.exempt"].map((name) =>
      activityInWords({ name, change, target: { type: "entity", id: "component:default/till", label: "Till" } }),
    );
    expect(words.some((one) => !one.includes(".") && one !== activityInWords({ name: "scorecard.exempt", change: null, target: null }))).toBe(true);
  }
});

test("what is done to something else names it", () => {
  expect(activityInWords({ name: "environment.deploy", change: null, target: { type: "environment", id: "env_1", label: "till-staging" } })).toBe("deployed till-staging");
});
