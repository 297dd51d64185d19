import path from "node:path";
import { configDefaults, defineConfig } from "vitest/config";

/** Browser tests go in two halves, each with a portal of its own, so that they can run side by side. */
const PAGES = ["access", "bad-input", "installation", "integrations", "screens", "sign-in"].map((name) => `tests/e2e/${name}.spec.ts`);
const browser = {
  globalSetup: ["tests/setup/portal.ts"],
  pool: "forks" as const,
  fileParallelism: false,
  testTimeout: 60_000,
  hookTimeout: 180_000,
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
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: { name: "launcher", include: ["tests/launcher/**/*.test.ts"], pool: "forks", testTimeout: 30_000, hookTimeout: 60_000 },
      },
      { ...shared, test: { ...browser, name: "journeys", include: ["tests/e2e/**/*.spec.ts"], exclude: [...configDefaults.exclude, ...PAGES] } },
      { ...shared, test: { ...browser, name: "pages", include: PAGES } },
    ],
  },
});
