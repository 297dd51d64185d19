import path from "node:path";
import { configDefaults, defineConfig } from "vitest/config";

/** Browser tests go in two halves, each with a portal of its own, so that they can run side by side. */
const PAGES = ["access", "bad-input", "installation", "integrations", "screens", "sign-in"].map((name) => `tests/e2e/${name}.spec.ts`);
/** Limits are there to end what hangs: a machine at a third of the usual speed still passes. What must be quick says so in its own test. */
const patience = (limitMs: number) => ({ testTimeout: limitMs, hookTimeout: limitMs, expect: { poll: { timeout: 60_000 } } });
const browser = {
  globalSetup: ["tests/setup/portal.ts"],
  pool: "forks" as const,
  fileParallelism: false,
  ...patience(300_000),
};
const root = import.meta.dirname;
const shared = {
  resolve: { alias: { "@": root, "server-only": path.join(root, "tests/setup/empty.ts") } },
};

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: "unit",
          include: ["lib/**/*.test.ts", "components/**/*.test.{ts,tsx}", "db/**/*.test.ts", "tests/unit/**/*.test.ts", "tests/lock/**/*.test.ts"],
          // What needs a real organisation at GitHub is for `npm run test:github-live` alone.
          exclude: [...configDefaults.exclude, ...(process.env.WAYMARK_GITHUB_LIVE ? [] : ["**/*-live.test.ts"])],
          globalSetup: ["tests/setup/postgres.ts"],
          env: { WAYMARK_SECRET: "test-secret-0123456789abcdef-0123456789", NODE_ENV: "test", GITHUB_TOKEN: "", GITHUB_APP_ID: "", GITHUB_APP_PRIVATE_KEY: "" },
          pool: "forks",
          ...patience(120_000),
        },
      },
      {
        ...shared,
        test: { name: "launcher", include: ["tests/launcher/**/*.test.ts"], pool: "forks", ...patience(120_000) },
      },
      { ...shared, test: { ...browser, name: "journeys", include: ["tests/e2e/**/*.spec.ts"], exclude: [...configDefaults.exclude, ...PAGES] } },
      { ...shared, test: { ...browser, name: "pages", include: PAGES } },
    ],
  },
});
