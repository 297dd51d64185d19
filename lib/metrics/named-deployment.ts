import { and, eq, or } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { deliveryDeployments } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";

/** Throws DomainError("invalid") unless the service has a production deployment of this id or external id. */
export async function requireDeployment(on: Connection, service: string, named: string): Promise<void> {
  const [found] = await on
    .select({ id: deliveryDeployments.id })
    .from(deliveryDeployments)
    .where(
      and(eq(deliveryDeployments.service, service), eq(deliveryDeployments.tier, "production"), or(eq(deliveryDeployments.id, named), eq(deliveryDeployments.externalId, named))),
    )
    .limit(1);
  if (!found)
    throw new DomainError("invalid", `${service} has no production deployment "${named.slice(0, 60)}".`, {
      fields: [{ path: "causedBy", message: "Choose one of the service's production deployments." }],
    });
}
