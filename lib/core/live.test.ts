import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { sqlClient } from "@/db/client";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { until } from "@/tests/setup/until";
import { onRunChange } from "./live";

useOwnDatabase();

test("a burst of changes is told a few times, the last one too, and the end at once; nothing after stopping", async () => {
  const told: { isOver: boolean; at: number }[] = [];
  const stop = await onRunChange("run_1", (isOver) => told.push({ isOver, at: performance.now() }));
  // Connecting is told as well: something may have been missed before.
  await wait(100);
  told.length = 0;
  const notify = (payload: string) => sqlClient().notify("waymark_run", payload);
  for (let n = 0; n < 60; n += 1) await notify("run_1");
  await notify("run_2");
  const begun = performance.now();
  await notify("run_1 over");
  await until("the end", async () => told.some(({ isOver }) => isOver) || null);
  const changes = told.filter(({ isOver }) => !isOver);
  expect(changes.length).toBeGreaterThan(0);
  for (const [index, { at }] of changes.entries()) if (index > 0) expect(at - (changes[index - 1]?.at ?? 0)).toBeGreaterThan(45);
  expect(told.filter(({ isOver }) => isOver)).toHaveLength(1);
  expect(told.at(-1)?.at).toBeGreaterThanOrEqual(begun);

  told.length = 0;
  await notify("run_1");
  await notify("run_1");
  await until("the change", async () => told.length > 0 || null);
  stop();
  const before = told.length;
  await notify("run_1");
  await wait(150);
  expect(told).toHaveLength(before);
});
