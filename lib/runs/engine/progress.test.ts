import fc from "fast-check";
import { expect, it } from "vitest";
import { trackProgress } from "./progress";

it.each([
  ["outer", "inner"],
  ["inner", "outer"],
])("the step whose work threw is the one that failed, also when %s began before %s", (first, second) => {
  const progress = trackProgress();
  progress.begin(first);
  progress.begin(second);
  const error = new Error("the third party answered 500");
  progress.threw("inner", error);
  progress.threw("outer", error);
  expect(progress.stepOf(error)).toBe("inner");
  expect(progress.stepOf(new Error("in other words", { cause: error }))).toBe("inner");
});

it("an error from between steps is of the step under way, and of none when all have ended", () => {
  const progress = trackProgress();
  progress.begin("render");
  progress.begin("ask");
  progress.end("ask");
  expect(progress.stepOf(new Error("of render"))).toBe("render");
  progress.end("render");
  expect(progress.stepOf(new Error("of nothing"))).toBeNull();
  expect(progress.stepOf("text")).toBeNull();
});

it("steps that ended are under way no more, in whatever order they begin and end", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.constantFrom("a", "b", "c"))), (events) => {
      const progress = trackProgress();
      const open: string[] = [];
      for (const [begins, step] of events) {
        if (begins) {
          open.push(step);
          progress.begin(step);
        } else {
          if (open.includes(step)) open.splice(open.lastIndexOf(step), 1);
          progress.end(step);
        }
      }
      expect(progress.stepOf(null)).toBe(open.at(-1) ?? null);
    }),
  );
});
