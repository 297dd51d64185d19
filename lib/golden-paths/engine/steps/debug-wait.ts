import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { stepAction } from "../step-action";

const MAX_MS = 10 * 60_000;
const amount = z.number("expected a number").min(0, "expected a number from 0").default(0);
const total = ({ minutes, seconds, milliseconds }: { minutes: number; seconds: number; milliseconds: number }) => minutes * 60_000 + seconds * 1_000 + milliseconds;

/** Waiting is of no use to files, so only a real run waits. */
export const debugWait = stepAction({
  id: "debug:wait",
  effect: "outside",
  input: z
    .looseObject({ minutes: amount, seconds: amount, milliseconds: amount })
    .refine((input) => total(input) <= MAX_MS, { path: ["minutes"], message: "waits longer than 10 minutes; wait less" }),
  foresee: (input) => ({ calls: [{ call: "debug:wait", detail: `Waits ${total(input) / 1_000} s.` }], output: {} }),
  run: async ({ input, signal }) => {
    await wait(total(input), undefined, { signal });
    return undefined;
  },
});
