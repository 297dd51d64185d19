import { eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import {
  deliveryChanges,
  deliveryCommits,
  deliveryDeployments,
  deliveryDirty,
  deliveryDirtyDays,
  deliveryMissing,
  deliveryNodeSums,
  deliveryPullRequests,
  deliveryServiceDays,
  deliveryServices,
  incidents,
} from "@/db/schema";

/** Deletes the demo company's history of delivery and everything worked out from it. Returns how many deployments went. */
export async function removeDemoDelivery(tx: Tx): Promise<number> {
  for (const table of [
    deliveryChanges,
    deliveryCommits,
    deliveryDirty,
    deliveryMissing,
    deliveryDirtyDays,
    deliveryNodeSums,
    deliveryPullRequests,
    deliveryServiceDays,
    deliveryServices,
    incidents,
  ])
    await tx.delete(table).where(eq(table.isDemo, true));
  const gone = await tx.delete(deliveryDeployments).where(eq(deliveryDeployments.isDemo, true)).returning({ id: deliveryDeployments.id });
  return gone.length;
}
