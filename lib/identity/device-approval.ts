import { and, eq, gt } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { deviceGrants } from "@/db/schema";
import { limitRate, refuseOver } from "@/lib/core/auth/rate-limit";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { mutation, query } from "@/lib/core/operation";
import { DecideDeviceInput, type DeviceRequest, UserCodeInput } from "./contract";
import { normalUserCode } from "./device";
import { ownAccount } from "./own-account";

const WRONG_CODES = 5;
const WINDOW_SECONDS = 600;

/** The waiting grant of a user code. Looking one up is guessing as well, so wrong codes are counted here for both doors. */
async function waitingGrant(on: Connection, userCode: string, { actor, now }: Ctx) {
  const key = `user-code|${actor.type === "user" ? actor.id : "nobody"}`;
  await refuseOver(key, WRONG_CODES);
  const [grant] = await on
    .select()
    .from(deviceGrants)
    .where(and(eq(deviceGrants.userCode, normalUserCode(userCode)), eq(deviceGrants.status, "pending"), gt(deviceGrants.expiresAt, now)))
    .for("update");
  if (grant) return grant;
  await limitRate(key, WRONG_CODES, WINDOW_SECONDS);
  const message = "This code is wrong or has expired. Check it, or begin again on the command line.";
  throw new DomainError("invalid", message, { fields: [{ path: "userCode", message }] });
}

export const readDeviceRequest = query({
  name: "device.approve",
  summary: "What a command line that shows this code asks for.",
  input: UserCodeInput,
  subject: (_on, _input, ctx) => ownAccount(ctx),
  run: async (on, { userCode }, ctx): Promise<DeviceRequest> => {
    const { userCode: code, client, ipPrefix, scopes, createdAt } = await waitingGrant(on, userCode, ctx);
    return { userCode: code, client, ipPrefix, scopes, createdAt: createdAt.toISOString() };
  },
});

export const decideDevice = mutation({
  name: "device.approve",
  summary: "Allow or refuse a command line that waits for you.",
  input: DecideDeviceInput,
  subject: (_on, _input, ctx) => ownAccount(ctx),
  run: async (tx, { userCode, approve }, ctx, { userId }) => {
    const grant = await waitingGrant(tx, userCode, ctx);
    await tx
      .update(deviceGrants)
      .set({ status: approve ? "approved" : "denied", userId })
      .where(eq(deviceGrants.id, grant.id));
    return { id: grant.id, client: grant.client, approved: approve, scopes: grant.scopes };
  },
  audit: (_input, { id, client, approved, scopes }) => ({ target: { type: "device", id, label: client }, detail: { approved, scopes } }),
});
