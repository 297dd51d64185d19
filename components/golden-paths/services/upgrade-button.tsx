"use client";

import { useStart } from "@/components/deployments/use-start";
import { Button } from "@/components/ui/button";
import { rejoinConcern, upgradeService } from "@/lib/golden-paths/actions";

/** Starts an upgrade and goes to its run. */
export function UpgradeButton({ service, isBusy }: { service: string; isBusy: boolean }) {
  const { pending, start } = useStart();
  return (
    <Button size="sm" pending={isBusy || pending !== null} onClick={() => start("upgrade", () => upgradeService({ service }))}>
      Open upgrade
    </Button>
  );
}

/** Asks for the pull request that takes an ejection back. */
export function Rejoin({ service, ejection }: { service: string; ejection: { id: string; concern: string | null } }) {
  const { pending, start } = useStart();
  return (
    <Button
      size="sm"
      pending={pending !== null}
      aria-label={`Follow the path again with ${ejection.concern ?? "everything"}`}
      onClick={() => start("rejoin", () => rejoinConcern({ service, ejection: ejection.id }))}
    >
      Follow again
    </Button>
  );
}
