import type { Metadata } from "next";
import { DeviceApproval, DeviceCodeForm } from "@/components/account/device-approval";
import { SoloPage } from "@/components/account/solo-page";
import { isDomainError } from "@/lib/core/errors";
import { requireSignedIn } from "@/lib/core/session-ctx";
import type { DeviceRequest } from "@/lib/identity/contract";
import { readDeviceRequest } from "@/lib/identity/queries";

export const metadata: Metadata = { title: "Sign in a command line" };

export default async function DevicePage({ searchParams }: { searchParams: Promise<Record<string, string | undefined>> }) {
  const ctx = await requireSignedIn();
  const { code = "" } = await searchParams;
  const found = code ? await look(() => readDeviceRequest(ctx, { userCode: code })) : null;
  return (
    <SoloPage title="Sign in a command line">
      {found && "client" in found ? (
        <DeviceApproval request={found} person={`${ctx.actor.name} (${ctx.actor.handle})`} network={ctx.ipPrefix} now={ctx.now.toISOString()} />
      ) : (
        <DeviceCodeForm code={code} problem={found?.problem ?? null} />
      )}
    </SoloPage>
  );
}

/** A wrong code belongs beside its field; anything unexpected does not. */
async function look(ask: () => Promise<DeviceRequest>): Promise<DeviceRequest | { problem: string }> {
  try {
    return await ask();
  } catch (error) {
    if (isDomainError(error)) return { problem: error.fields[0]?.message ?? error.message };
    throw error;
  }
}
