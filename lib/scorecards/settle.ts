import { eq, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { scorecards } from "@/db/schema";
import { storedDefinition } from "./evaluate";
import { levelOf } from "./levels";
import { applyExceptions, loadKnown, writeLevels } from "./write-results";

/** Works out anew what people see of one entity, after an exception began or ended: from stored outcomes, without asking any condition. */
export async function settleEntity(tx: Tx, scorecardId: string, entityRef: string, now: Date): Promise<void> {
  const [card] = await tx.select().from(scorecards).where(eq(scorecards.id, scorecardId));
  if (!card) return;
  const { levels, checks } = storedDefinition(card.definition);
  const known = await loadKnown(tx, scorecardId, [entityRef]);
  const settled = applyExceptions([...known.results.values()], known.exceptions, now);
  for (const { checkId, state } of settled)
    await tx.execute(sql`
      update scorecard_results set state = ${state}, state_since = ${now.toISOString()}::timestamptz
      where scorecard_id = ${scorecardId} and entity_ref = ${entityRef} and check_id = ${checkId} and state <> ${state}`);
  if (settled.length === 0) return;
  const standings = checks.flatMap((check) => {
    const found = settled.find(({ checkId }) => checkId === check.id);
    return found ? [{ id: check.id, level: check.level, state: found.state, lastKnown: found.lastKnown }] : [];
  });
  const level = levelOf(
    levels.map(({ name }) => name),
    standings,
  );
  await writeLevels(tx, { scorecardId, revision: card.revision, levels: [{ entityRef, level }], now });
}
