"use client";

import { Star as StarIcon } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { useToast } from "@/components/ui/toast";
import { starEntity } from "@/lib/catalog/actions";

interface Props {
  entity: { kind: string; namespace: string; name: string; title: string };
  starred: boolean;
  /** With its word, for the head of a page. */
  labelled?: boolean;
}

/** Keeps an entity at hand, or no longer. It shows the new state at once and goes back when that was refused. */
export function Star({ entity, starred, labelled = false }: Props) {
  const [isOn, setOn] = useState(starred);
  const toast = useToast();
  const router = useRouter();
  const toggle = async () => {
    const next = !isOn;
    setOn(next);
    const result = await starEntity({ kind: entity.kind, namespace: entity.namespace, name: entity.name, starred: next });
    if (result.ok) return router.refresh();
    setOn(!next);
    toast(result.error.message);
  };
  const label = isOn ? `Remove the star of ${entity.title}` : `Star ${entity.title}`;
  return (
    <Button variant={labelled ? "default" : "icon"} className={isOn ? "star is-on" : "star"} aria-label={label} aria-pressed={isOn} title={label} onClick={toggle}>
      <StarIcon className="i" aria-hidden />
      {labelled ? (isOn ? "Starred" : "Star") : null}
    </Button>
  );
}
