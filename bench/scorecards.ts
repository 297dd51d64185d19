import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { sendToCatalog } from "../lib/cli/catalog-import";
import { openClient } from "../lib/cli/client";
import { copyFloor } from "./floor/copy";
import { writeCatalog } from "./setup/catalog-entities";
import { openDatabase, untilEvaluated } from "./setup/database";
import { measureHttp } from "./setup/http-load";
import { report, timed } from "./setup/measure";
import { benchPortal } from "./setup/portal";

// A scorecard of ten checks over at least 10,000 entities: from saving it to the last result, a preview while somebody types, how
// long a changed definition takes to show, and what the pages ask. The floor of the evaluation is copying the rows that it writes.

/** Some of them are people, whom no scorecard is about. */
const ENTITIES = 10_300;
const POLL_MS = 50;
const PREVIEWS = 10;
const CHANGES = 8;
const CONDITIONS = [
  "owner.set && owner.known",
  "has(entity.metadata.description) && entity.metadata.description.size() >= 20",
  "findings.open == 0",
  "docs.present || incidents.open == 0",
  'has(entity.spec.lifecycle) && entity.spec.lifecycle != "deprecated"',
  "has(entity.metadata.tags) && entity.metadata.tags.exists(tag, tag.startsWith('tier'))",
  "deployments.production28d > 0",
  "metrics.changeFailRate <= 0.15",
  "!goldenPath.used || !goldenPath.behind",
  'entity.kind.matches("^(Component|API|Resource)$") && environments.unhealthy == 0',
];
const checks = CONDITIONS.map((condition, index) => ({
  id: `check-${index}`,
  title: `Check ${index}`,
  level: index < 4 ? "bronze" : index < 7 ? "silver" : "gold",
  condition,
  why: "Measured.",
  fix: "None.",
}));
const levels = ["bronze", "silver", "gold"].map((name) => ({ name, title: name }));
const definition = { title: "Bench", appliesTo: { kinds: [], types: [], lifecycles: [], tags: [] }, levels, checks };

interface Level {
  items: { name: string; checks: { id: string; state: string }[] }[];
}

const folder = mkdtempSync(path.join(tmpdir(), "wm-bench-scorecards-"));
writeCatalog(folder, ENTITIES);
const portal = await benchPortal();
const pat = portal.token("pat", "read,catalog:write,admin");
const sql = openDatabase(portal);
try {
  const { refused } = await sendToCatalog(openClient(portal.url, pat), [folder], { isCheck: false, json: true, team: undefined });
  if (refused.length) throw new Error(`${refused.length} documents were refused`);
  // Facts are gathered from the moment an entity is there; the evaluation alone is measured.
  await untilEvaluated(sql);
  await sql`vacuum analyze entities, scorecard_facts`;
  const evaluated = await timed(async () => {
    await portal.call(pat, "POST", "/scorecards", { name: "bench", definition });
    for (;;) {
      const [card] = await sql<{ done: boolean }[]>`select evaluated_revision is not null as done from scorecards where name = 'bench'`;
      if (card?.done) break;
      await wait(POLL_MS);
    }
  });
  const [counted] = await sql<{ n: number; entities: number }[]>`
    select count(*)::int as n, count(distinct entity_ref)::int as entities from scorecard_results r join scorecards s on s.id = r.scorecard_id where s.name = 'bench'`;
  if ((counted?.n ?? 0) < 100_000) throw new Error(`only ${counted?.n} results of ${counted?.entities} entities`);
  report("scorecards-evaluate-10000x10", "ms", [evaluated], { floor: await copyFloor(sql, ["scorecard_results", "scorecard_levels"]) });
  const previews: number[] = [];
  const draft = { appliesTo: definition.appliesTo, levels, checks: checks.map(({ id, level, condition }) => ({ id, level, condition })) };
  for (let n = 0; n < PREVIEWS; n++) previews.push(await timed(() => portal.call(pat, "POST", "/scorecards/evaluate", draft)));
  report("scorecards-preview-10000x10", "ms", previews);
  await measureHttp(portal.url, pat, { name: "scorecards-list", path: "/api/v1/scorecards" });
  await measureHttp(portal.url, pat, { name: "scorecards-results-50", path: "/api/v1/scorecards/bench/results?check=check-6" });
  await measureHttp(portal.url, pat, { name: "scorecards-of-entity", path: "/api/v1/entities/component/default/checkout-api/scorecards" });
  const shown: number[] = [];
  for (let n = 0; n < CHANGES; n++) {
    const lifecycle = n % 2 === 0 ? "deprecated" : "production";
    const entity = await portal.call<{ definition: { spec: object } }>(pat, "GET", "/entities/component/default/receipts");
    shown.push(
      await timed(async () => {
        await portal.call(pat, "PUT", "/entities/component/default/receipts", { definition: { ...entity.definition, spec: { ...entity.definition.spec, lifecycle } } });
        for (;;) {
          const { items } = await portal.call<Level>(pat, "GET", "/entities/component/default/receipts/scorecards");
          const state = items.find(({ name }) => name === "bench")?.checks.find(({ id }) => id === "check-4")?.state;
          if (state === (n % 2 === 0 ? "fail" : "pass")) break;
          await wait(POLL_MS);
        }
      }),
    );
  }
  report("scorecards-change-to-result", "ms", shown);
} finally {
  await sql.end();
  await portal.stop();
  rmSync(folder, { recursive: true, force: true });
}
