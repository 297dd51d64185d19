import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

it("20 kills of the worker at random instants lose nothing, make nothing twice and leave nothing behind", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["scripts/faults.mjs", "--n", "20", "--seed", "11"], { maxBuffer: 64 * 1024 * 1024 });
  const report = JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as { passed: boolean; left: string[]; runs: { kind: string; n: number }[] };
  expect(report).toMatchObject({ passed: true, left: [] });
  expect(report.runs.filter((run) => run.kind === "environment.create").reduce((sum, run) => sum + run.n, 0)).toBe(21);
}, 300_000);
