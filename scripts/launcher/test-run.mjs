import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { runToEnd } from "./child.mjs";
import { ROOT } from "./paths.mjs";

const firstLines = (message = "") => message.split("\n").slice(0, 4).join("\n    ");
const hasFailed = ({ status }) => status === "failed";

/** What one test file of a Vitest JSON report has failed at, a text each. A file whose preparation broke is one failure. */
function failuresOf({ name, status, message, assertionResults }) {
  const file = path.relative(ROOT, name);
  const failed = assertionResults.filter(hasFailed);
  if (failed.length === 0) return status === "failed" ? [`${file}\n    ${firstLines(message)}`] : [];
  return failed.map((test) => `${file} > ${test.fullName}\n    ${firstLines(test.failureMessages[0])}`);
}

/** Counts of a Vitest JSON report, and what failed. A skipped test proves nothing and is told apart. */
export function countReport({ numPassedTests, numPendingTests, numTodoTests = 0, testResults }) {
  const failures = testResults.flatMap(failuresOf);
  return { passed: numPassedTests, leftOut: numPendingTests + numTodoTests, failures };
}

/** Browser tests: each half shares a portal and goes one by one. */
export const BROWSER_PROJECTS = ["journeys", "pages"];

/** Many tests wait for processes and clocks, so two run at once even where Vitest would take one. */
const workersFor = (projects) => (projects.some((name) => BROWSER_PROJECTS.includes(name)) ? 1 : Math.max(2, availableParallelism() - 1));

/** Runs Vitest projects. Returns `{ passed, leftOut, failures }`; a run that fails without a failed test counts as one failure. */
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
    return problem && counts.failures.length === 0 ? { ...counts, failures: [`${projects.join(", ")}: ${problem.message}, though no test failed`] } : counts;
  } catch (error) {
    return { passed: 0, leftOut: 0, failures: [`${projects.join(", ")}: there is no report of the tests: ${error.message}`] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
