"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Time } from "@/components/ui/time";
import { useToast } from "@/components/ui/toast";
import { confirmEntity } from "@/lib/catalog/actions";

interface Props {
  entity: { kind: string; namespace: string; name: string };
  since: string;
  mayConfirm: boolean;
  now: string;
}

/** What people wrote loses its worth with time: says so, and lets an owner say that it still holds. */
export function ConfirmNotice({ entity, since, mayConfirm, now }: Props) {
  const [pending, setPending] = useState(false);
  const router = useRouter();
  const toast = useToast();
  const confirm = async () => {
    setPending(true);
    const result = await confirmEntity(entity);
    setPending(false);
    toast(result.ok ? "Thank you. It holds from today." : result.error.message);
    router.refresh();
  };
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
