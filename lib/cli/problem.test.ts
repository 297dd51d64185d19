import { expect, it } from "vitest";
import { Refused } from "./problem";

it("an error about the golden path speaks of how it was named", () => {
  const problem = {
    status: 422,
    code: "invalid",
    detail: "No.",
    errors: [
      { path: "goldenPath", message: "There is none." },
      { path: "values.name", message: "Too long." },
    ],
  };
  expect(new Refused(problem).message).toBe("--template: There is none.\n--set name: Too long.");
  expect(new Refused(problem).speakingOf({ goldenPath: "nope" }).message).toBe("nope: There is none.\n--set name: Too long.");
});
