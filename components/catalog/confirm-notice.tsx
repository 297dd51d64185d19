"use client";

import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Time } from "@/components/ui/time";
import { useAct } from "@/components/ui/use-act";
import { confirmEntity } from "@/lib/catalog/actions";

interface Props {
  entity: { kind: string; namespace: string; name: string };
  since: string;
  mayConfirm: boolean;
  now: string;
}

/** What people wrote loses its worth with time: says so, and lets an owner say that it still holds. */
export function ConfirmNotice({ entity, since, mayConfirm, now }: Props) {
  const { pending, act } = useAct();
  const confirm = () => act(() => confirmEntity(entity), "Thank you. It holds from today.");
  const action = mayConfirm ? (
    <Button size="sm" pending={pending} onClick={() => void confirm()}>
      Still right
    </Button>
  ) : null;
  return (
    <Notice tone="info" action={action}>
      <span className="strong">
        Last changed or confirmed <Time at={since} now={now} />.
      </span>{" "}
      {mayConfirm ? "Is its owner, description and what it depends on still right?" : "Owner, description and dependencies may be out of date: ask before you rely on them."}
    </Notice>
  );
}
