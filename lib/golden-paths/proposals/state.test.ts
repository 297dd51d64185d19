import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isEditable, moved, PROPOSAL_MOVES, PROPOSAL_STATUSES, type ProposalMove, type ProposalStatus } from "./state";

const MOVES = Object.keys(PROPOSAL_MOVES) as ProposalMove[];
const anyMoves = fc.array(fc.constantFrom(...MOVES), { maxLength: 40 });

/** Every status on the way; a move that is not possible changes nothing. */
function walk(moves: ProposalMove[]): { move: ProposalMove; from: ProposalStatus; to: ProposalStatus }[] {
  let status: ProposalStatus = "draft";
  return moves.flatMap((move) => {
    const to = moved(status, move);
    if (!to) return [];
    const taken = { move, from: status, to };
    status = to;
    return [taken];
  });
}

describe("the way of a proposal", () => {
  it("is accepted only after it was submitted, and only once per submission", () => {
    fc.assert(
      fc.property(anyMoves, (moves) => {
        const taken = walk(moves);
        taken.forEach(({ move, from }, index) => {
          if (move !== "accept") return;
          expect(from).toBe("submitted");
          const before = taken.slice(0, index).findLast((one) => one.to === "submitted" || one.move === "accept");
          expect(before?.move).toMatch(/^(submit|return)$/);
        });
      }),
    );
  });

  it("keeps its files as they were submitted until a decision or its author opens it again", () => {
    fc.assert(
      fc.property(anyMoves, (moves) => {
        for (const { move, from } of walk(moves)) if (move === "save") expect(["draft", "changes-requested"]).toContain(from);
      }),
    );
    expect(PROPOSAL_STATUSES.filter(isEditable)).toEqual(["draft", "changes-requested"]);
  });

  it("has a way back to its author from everywhere but acceptance, which only a discarded draft undoes", () => {
    const leadsTo = (from: ProposalStatus, moves: ProposalMove[]) => moves.map((move) => moved(from, move)).filter((to) => to !== null);
    for (const status of PROPOSAL_STATUSES) {
      if (status === "accepted") expect(leadsTo(status, MOVES)).toEqual(["submitted"]);
      else if (!isEditable(status)) expect(leadsTo(status, ["reopen"])).toEqual(["draft"]);
    }
  });

  it("is never stuck: from every status an acceptance can still be reached", () => {
    for (const start of PROPOSAL_STATUSES) {
      const seen = new Set<ProposalStatus>([start]);
      for (const status of seen) for (const move of MOVES) seen.add(moved(status, move) ?? status);
      expect(seen.has("accepted"), start).toBe(true);
    }
  });
});
