"use client";

import { Button, LinkButton } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Time } from "@/components/ui/time";
import { useAct } from "@/components/ui/use-act";
import { keepGoneEntity } from "@/lib/catalog/actions";
import { GRACE_DAYS } from "@/lib/catalog/contract";

interface Props {
  entity: { kind: string; namespace: string; name: string; goneAt: string };
  mayKeep: boolean;
  /** The receipt, where it was decommissioned. */
  receiptHref: string | null;
  now: string;
}

/** Says that an entity's source no longer holds it, or that it was decommissioned, and offers the way back. */
export function GoneNotice({ entity: { goneAt, ...key }, mayKeep, receiptHref, now }: Props) {
  const { pending, act } = useAct();
  const keep = () => act(() => keepGoneEntity(key), "Kept. It can be edited here from now on.");
  if (receiptHref) {
    const receipt = (
      <LinkButton size="sm" href={receiptHref}>
        Open receipt
      </LinkButton>
    );
    return (
      <Notice tone="warning" action={receipt}>
        <span className="strong">
          Decommissioned <Time at={goneAt} now={now} />.
        </span>{" "}
        It is out of the lists, and removed {GRACE_DAYS} days after that. Until then its receipt offers the way back.
      </Notice>
    );
  }
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
