import { eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { actions } from "@/db/schema";
import { newId } from "@/lib/core/id";
import { ActionDefinition, ENVIRONMENT_FIELD, type FunctionName } from "./contract";
import { publishVersion } from "./mutations";
import { replacedSecret } from "./secrets";

const environment = { type: "string", title: "Environment", "ui:field": ENVIRONMENT_FIELD };

const onService = (
  title: string,
  description: string,
  fn: FunctionName,
  form: { properties: Record<string, unknown>; required: string[] },
  more: Partial<ActionDefinition> = {},
): ActionDefinition =>
  ActionDefinition.parse({
    title,
    description,
    target: { kind: "component", types: [] },
    whoMayRun: "team-members",
    inputs: { type: "object", ...form },
    backEnd: { type: "function", function: fn },
    ...more,
  });

/** The actions that come with Waymark. */
const SHIPPED: Record<string, ActionDefinition> = {
  "add-database": onService(
    "Add a database",
    "Makes a further PostgreSQL database with a role of its own in one environment of a service, and restarts it so that it finds the address.",
    "add-database",
    {
      properties: {
        environment,
        name: {
          type: "string",
          title: "Database name",
          description: "Lower-case letters, digits and _. The address is in <NAME>_DATABASE_URL.",
          pattern: "^[a-z][a-z0-9_]{1,26}$",
          "ui:placeholder": "gift_cards",
        },
      },
      required: ["environment", "name"],
    },
  ),
  "rotate-database-password": onService(
    "Rotate database password",
    "Gives the database of an environment a new password and restarts the service with it. The old one stops working.",
    "change-database-password",
    {
      properties: { environment, database: { type: "string", title: "Database", description: "main is the service's own; or the name of an added one.", default: "main" } },
      required: ["environment"],
    },
  ),
  "restart-environment": onService("Restart environment", "Stops and starts the process of an environment with its current variables.", "restart", {
    properties: { environment },
    required: ["environment"],
  }),
  "decommission-service": onService(
    "Decommission service",
    "Deletes every environment of a service with a receipt for each, archives its repository and takes it out of the catalog.",
    "decommission",
    {
      properties: { confirm: { type: "string", title: "Name of the service", description: "Type it to confirm. Data that lives only in its environments is lost." } },
      required: ["confirm"],
    },
    { whoMayRun: "team-owners", deadlineMinutes: 30 },
  ),
};

/** Publishes the shipped actions that are not there yet; what the platform team changed stays as it is. Returns what is new. */
export async function seedActions(tx: Tx, now: Date): Promise<string[]> {
  const added: string[] = [];
  for (const [name, definition] of Object.entries(SHIPPED)) {
    const [known] = await tx.select({ id: actions.id }).from(actions).where(eq(actions.name, name));
    if (known) continue;
    const id = newId("action", now.getTime());
    const { columns } = replacedSecret({ id, secretSealed: null, previousSecretSealed: null, previousSecretUntil: null }, now);
    await tx.insert(actions).values({ id, name, draft: definition, ...columns, isShipped: true, createdAt: now, updatedAt: now });
    await publishVersion(tx, id, definition, { note: "Shipped with Waymark.", by: null, now });
    added.push(name);
  }
  return added;
}
