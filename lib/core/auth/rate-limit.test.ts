import { expect, test } from "vitest";
import { db } from "@/db/client";
import { rateLimits } from "@/db/schema";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { outcome } from "@/tests/setup/people";
import { limitRate, refuseOver } from "./rate-limit";

useOwnDatabase();

const elapse = () =>
  db()
    .update(rateLimits)
    .set({ windowEndsAt: new Date(0) });

test("lets exactly the limit through, also when all come at once", async () => {
  const answers = await Promise.all(Array.from({ length: 30 }, () => outcome(limitRate("burst", 10, 60))));
  expect(answers.filter((answer) => answer === "done")).toHaveLength(10);
  expect(answers.filter((answer) => answer === "rate_limited")).toHaveLength(20);
});

test("says how long to wait, and lets through again after the window", async () => {
  await limitRate("window", 1, 45);
  const refused = await limitRate("window", 1, 45).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: "rate_limited" });
  const { retryAfterSeconds } = refused as { retryAfterSeconds: number };
  expect(retryAfterSeconds).toBeGreaterThan(40);
  expect(retryAfterSeconds).toBeLessThanOrEqual(45);
  await elapse();
  expect(await outcome(limitRate("window", 1, 45))).toBe("done");
});

test("asking counts nothing", async () => {
  await limitRate("ask", 2, 60);
  for (let i = 0; i < 5; i++) expect(await outcome(refuseOver("ask", 2))).toBe("done");
  await limitRate("ask", 2, 60);
  expect(await outcome(refuseOver("ask", 2))).toBe("rate_limited");
  expect(await outcome(refuseOver("somebody-else", 2))).toBe("done");
  await elapse();
  expect(await outcome(refuseOver("ask", 2))).toBe("done");
});
