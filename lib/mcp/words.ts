/** `20 of 134.` */
export const listed = ({ items, total }: { items: unknown[]; total: number }): string =>
  items.length < total ? `${items.length} of ${total}. Ask for the rest with cursor, where there is one.` : `${total} found.`;

/** What a run does next, in one sentence. */
export function runStarted(run: { id: string } | null): string {
  return run ? `Run ${run.id} has begun. Call run_wait with its id to wait for its outcome.` : "Nothing had to be done.";
}
