"use client";

import { Ellipsis, PowerOff, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { DropdownMenu } from "radix-ui";
import { type ReactNode, useState } from "react";
import { Button, LinkButton } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm";
import { Link } from "@/components/ui/link";
import { useToast } from "@/components/ui/toast";
import { deleteEntity } from "@/lib/catalog/actions";
import { entityHref } from "@/lib/catalog/contract";
import { Star } from "./star";

interface Props {
  entity: { ref: string; kind: string; namespace: string; name: string; title: string };
  mayEdit: boolean;
  mayDecommission: boolean;
  /** Its source no longer holds it, or it was decommissioned: it can only be kept or removed. */
  hasEnded: boolean;
  /** Nothing here can write it: it is read from an address, or of a kind of one's own. */
  editedElsewhere: boolean;
  source: string;
  starred: boolean;
  /** Buttons of other parts, before those of the catalog. */
  children?: ReactNode;
}

/** What can be done with an entity; removing it from the catalog stands apart and asks first. */
export function EntityActions({ entity, mayEdit, mayDecommission, hasEnded, editedElsewhere, source, starred, children }: Props) {
  const [removing, setRemoving] = useState(false);
  const router = useRouter();
  const toast = useToast();
  const remove = async () => {
    const result = await deleteEntity({ kind: entity.kind, namespace: entity.namespace, name: entity.name });
    if (!result.ok) return result.error.message;
    toast(`${entity.title} is no longer in the catalog.`);
    router.push("/catalog");
    return null;
  };
  return (
    <>
      {children}
      <Star entity={entity} starred={starred} labelled />
      {mayEdit ? (
        <>
          {editedElsewhere || hasEnded ? null : <LinkButton href={entityHref(entity.ref, "edit")}>Edit</LinkButton>}
          <DropdownMenu.Root>
            <DropdownMenu.Trigger asChild>
              <Button variant="square" aria-label={`More for ${entity.title}`} title="More">
                <Ellipsis className="i" aria-hidden />
              </Button>
            </DropdownMenu.Trigger>
            <DropdownMenu.Portal>
              <DropdownMenu.Content className="menu-pop float" align="end" sideOffset={4}>
                {mayDecommission ? (
                  <DropdownMenu.Item asChild>
                    <Link href={entityHref(entity.ref, "decommission")}>
                      <PowerOff className="i" aria-hidden />
                      Decommission
                    </Link>
                  </DropdownMenu.Item>
                ) : null}
                <DropdownMenu.Item asChild onSelect={() => setRemoving(true)}>
                  <button type="button" className="t-danger">
                    <Trash2 className="i" aria-hidden />
                    Remove from catalog
                  </button>
                </DropdownMenu.Item>
              </DropdownMenu.Content>
            </DropdownMenu.Portal>
          </DropdownMenu.Root>
          <ConfirmDialog open={removing} onOpenChange={setRemoving} title={`Remove ${entity.title} from the catalog?`} confirmLabel="Remove entity" onConfirm={remove}>
            Its page, its documents and its own relations go. What refers to it shows a reference that leads nowhere. Nothing that runs is touched.
            {source === "git" || source === "url" ? " Where it is read from a repository or an address, the next reading brings it back." : ""}
          </ConfirmDialog>
        </>
      ) : null}
    </>
  );
}
