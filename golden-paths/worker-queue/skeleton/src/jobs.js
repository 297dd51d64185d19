/**
 * What each kind of job does: a function of its payload that returns a result, which is stored. `signal` aborts when the
 * process stops. It may run twice, when a process dies in between; so write it such that a repeat does no harm.
 */
export const handlers = {
  // An example: replace it with what your worker is for.
  "count-words": async ({ text }) => {
    if (typeof text !== "string") throw new Error("The payload needs a text.");
    return { words: text.split(/\s+/).filter(Boolean).length };
  },
};
