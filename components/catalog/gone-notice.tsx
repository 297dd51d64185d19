"use client";

import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Time } from "@/components/ui/time";
import { useAct } from "@/components/ui/use-act";
import { keepGoneEntity } from "@/lib/catalog/actions";
import { GRACE_DAYS } from "@/lib/catalog/contract";

interface Props {
  entity: { kind: string; namespace: string; name: string; goneAt: string };
  mayKeep: boolean;
  now: string;
}

/** Says that an entity's source no longer holds it, and offers the way back. */
export function GoneNotice({ entity: { goneAt, ...key }, mayKeep, now }: Props) {
  const { pending, act } = useAct();
  const keep = () => act(() => keepGoneEntity(key), "Kept. It can be edited here from now on.");
  const action = mayKeep ? (
    <Button size="sm" pending={pending} onClick={() => void keep()}>
      Keep entity
    </Button>
  ) : null;
  return (
    <Notice tone="warning" action={action}>
      <span className="strong">
        Its source no longer holds it since <Time at={goneAt} now={now} />.
      </span>{" "}
      It is out of the lists, and removed {GRACE_DAYS} days after that unless it comes back there.
    </Notice>
  );
}
