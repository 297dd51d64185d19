// draft → submitted → accepted (into the platform team's draft, then published) | declined | changes-requested → submitted …
// The author may withdraw it as long as nothing was decided, and take it back from anywhere but acceptance to work on it again.
// An accepted one whose draft was discarded is submitted again, so that nothing is lost with the draft.

export const PROPOSAL_STATUSES = ["draft", "submitted", "changes-requested", "accepted", "declined", "withdrawn"] as const;
export type ProposalStatus = (typeof PROPOSAL_STATUSES)[number];

export const PROPOSAL_MOVES = {
  save: { draft: "draft", "changes-requested": "changes-requested" },
  submit: { draft: "submitted", "changes-requested": "submitted" },
  withdraw: { draft: "withdrawn", submitted: "withdrawn", "changes-requested": "withdrawn" },
  reopen: { submitted: "draft", declined: "draft", withdrawn: "draft" },
  "ask-for-changes": { submitted: "changes-requested" },
  decline: { submitted: "declined", "changes-requested": "declined" },
  accept: { submitted: "accepted" },
  return: { accepted: "submitted" },
} as const satisfies Record<string, Partial<Record<ProposalStatus, ProposalStatus>>>;
export type ProposalMove = keyof typeof PROPOSAL_MOVES;

/** Where a move leads from a status; null where it is not possible. */
export function moved(status: ProposalStatus, move: ProposalMove): ProposalStatus | null {
  return (PROPOSAL_MOVES[move] as Partial<Record<ProposalStatus, ProposalStatus>>)[status] ?? null;
}

/** Whether its files can be changed. */
export const isEditable = (status: ProposalStatus): boolean => moved(status, "save") !== null;
