import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { runToEnd } from "./child.mjs";
import { ROOT } from "./paths.mjs";

/** Counts of a Vitest JSON report. A file that broke before its first test is one failure; a skipped test proves nothing and is told apart. */
export function countReport({ numPassedTests, numFailedTests, numPendingTests, numTodoTests = 0, testResults }) {
  const broken = testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0).length;
  return { passed: numPassedTests, failed: numFailedTests + broken, leftOut: numPendingTests + numTodoTests };
}

/** Browser tests: each half shares a portal and goes one by one. */
export const BROWSER_PROJECTS = ["journeys", "pages"];

/** Many tests wait for processes and clocks, so two run at once even where Vitest would take one. */
const workersFor = (projects) => (projects.some((name) => BROWSER_PROJECTS.includes(name)) ? 1 : Math.max(2, availableParallelism() - 1));

/** Runs Vitest projects. Returns `{ passed, failed, leftOut }`; a run that fails without a failed test counts as one failure. */
export async function runVitest(projects) {
  const folder = mkdtempSync(path.join(tmpdir(), "wm-report-"));
  const report = path.join(folder, "report.json");
  const command = [
    process.execPath,
    path.join(ROOT, "node_modules/vitest/vitest.mjs"),
    "run",
    `--maxWorkers=${workersFor(projects)}`,
    ...projects.flatMap((name) => ["--project", name]),
  ];
  try {
    const problem = await runToEnd([...command, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`], { cwd: ROOT }).then(
      () => null,
      (error) => error,
    );
    const counts = countReport(JSON.parse(readFileSync(report, "utf8")));
    return problem && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } catch (error) {
    console.log(`There is no report of the tests: ${error.message}`);
    return { passed: 0, failed: 1, leftOut: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
