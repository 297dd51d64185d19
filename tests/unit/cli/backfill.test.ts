import { expect, test } from "vitest";
import { useCommandLine } from "./bench";
import { sampleRun } from "./sample-objects";

const { portal, run } = useCommandLine();

test.each([
  [
    ["--tags", "v*, !*-rc*"],
    ["v*", "!*-rc*"],
  ],
  [
    ["--tags", "v*,!*-rc*", "--tags", "release/*"],
    ["v*", "!*-rc*", "release/*"],
  ],
])("delivery backfill %j sends each pattern by itself", async (args, tags) => {
  portal().answers["POST /api/v1/delivery-history"] = { status: 202, body: { run: sampleRun("queued", ["pending", "pending", "pending"]) } };
  expect(await run("waymark", ["delivery", "backfill", "shop", ...args, "--no-wait"])).toMatchObject({ code: 0 });
  expect(portal().seen.find(({ method }) => method === "POST")?.body).toMatchObject({ service: "shop", tags });
});
