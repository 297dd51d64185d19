import { beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { DEFAULT_SETTINGS } from "./contract";
import { editSettings } from "./mutations";
import { loadSettings } from "./queries";

useOwnDatabase();
let pat: SignedIn;

beforeAll(async () => {
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
});

test("what an edit leaves out stays as it is", async () => {
  expect(await loadSettings(db())).toEqual(DEFAULT_SETTINGS);
  await editSettings(pat, { organisation: "Fellside", "environments.teamQuotaCount": 3 });
  await editSettings(pat, { "surveys.day": 7 });
  expect(await loadSettings(db())).toEqual({ ...DEFAULT_SETTINGS, organisation: "Fellside", "environments.teamQuotaCount": 3, "surveys.day": 7 });
});

test("the smallest group of surveys only rises, also when two people change it at once", async () => {
  expect(await outcome(editSettings(pat, { "surveys.k": 4 }))).toBe("invalid");
  await editSettings(pat, { "surveys.k": 7 });
  await expect(editSettings(pat, { "surveys.k": 6 })).rejects.toThrow("It is 7 and may only rise");
  await editSettings(pat, { "surveys.k": 7, "surveys.day": 8 });
  const both = await Promise.all([12, 9].map((k) => outcome(editSettings(pat, { "surveys.k": k }))));
  const { "surveys.k": after } = await loadSettings(db());
  expect(after).toBe(12);
  expect(both[0]).toBe("done");
});
