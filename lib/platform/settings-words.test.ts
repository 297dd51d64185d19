import { expect, test } from "vitest";
import { DEFAULT_SETTINGS, EditSettings } from "./contract";

test.each(Object.keys(DEFAULT_SETTINGS))("a value that %s cannot have is refused in words", (key) => {
  const long = "x".repeat(41);
  for (const value of key === "organisation" ? ["", long] : [-1, 1e9, 1.5, Number.NaN]) {
    const { error } = EditSettings.safeParse({ [key]: value });
    expect(error?.issues.length).toBeGreaterThan(0);
    for (const { message } of error?.issues ?? []) expect(message).not.toMatch(/expected|Invalid|Too (small|big)/);
  }
});

test("what it is from the start can be saved", () => {
  expect(EditSettings.parse(DEFAULT_SETTINGS)).toEqual(DEFAULT_SETTINGS);
});
