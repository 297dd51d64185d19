import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { previousOf, type Served } from "./history";

const deploy = (commit: string): Served => ({ kind: "deploy", commit });
const rollback = (commit: string): Served => ({ kind: "rollback", commit });

describe("what to roll back to", () => {
  test("nothing before the first, and nothing before it was deployed twice", () => {
    expect(previousOf([])).toBeNull();
    expect(previousOf([deploy("a")])).toBeNull();
    expect(previousOf([deploy("a"), deploy("a")])).toBeNull();
  });

  test("the commit before, and after a rollback the one before that", () => {
    const history = [deploy("a"), deploy("b"), deploy("c")];
    expect(previousOf(history)?.commit).toBe("b");
    expect(previousOf([...history, rollback("b")])?.commit).toBe("a");
    expect(previousOf([...history, rollback("b"), rollback("a")])).toBeNull();
    expect(previousOf([...history, rollback("b"), deploy("d")])?.commit).toBe("b");
  });

  test("is always an earlier, different commit, and rolling back ends", () => {
    const step = fc.record({ kind: fc.constant("deploy" as const), commit: fc.constantFrom("a", "b", "c", "d") });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (deploys) => {
        const history: Served[] = [...deploys];
        for (let turn = 0; turn <= deploys.length; turn++) {
          const target = previousOf(history);
          if (target === null) return;
          expect(target.commit).not.toBe(history.at(-1)?.commit);
          expect(history.map((one) => one.commit)).toContain(target.commit);
          history.push(rollback(target.commit));
        }
        expect.fail("rolling back never ended");
      }),
    );
  });
});
