"use client";

import { Clock, Ellipsis, ExternalLink, ScrollText, Trash2, Zap } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { DropdownMenu } from "radix-ui";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { useToast } from "@/components/ui/toast";
import { extendEnvironment } from "@/lib/environments/actions";
import type { Environment } from "@/lib/environments/contract";
import { DeleteEnvironment } from "./delete-environment";

/** Row actions; deleting stands apart and asks first. */
export function EnvironmentMenu({ environment }: { environment: Environment }) {
  const [deleting, setDeleting] = useState(false);
  const toast = useToast();
  const router = useRouter();
  if (environment.status === "deleted" || environment.isDemo) return null;
  const extend = async () => {
    const result = await extendEnvironment({ id: environment.id, ttl: "24h" });
    toast(result.ok ? `${environment.name} now ends in 24 h.` : result.error.message);
    router.refresh();
  };
  return (
    <>
      <DropdownMenu.Root>
        <DropdownMenu.Trigger asChild>
          <Button variant="icon" aria-label={`More for ${environment.name}`} title={`More for ${environment.name}`}>
            <Ellipsis className="i" aria-hidden />
          </Button>
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content className="menu-pop float" align="end" sideOffset={4}>
            {environment.url ? (
              <DropdownMenu.Item asChild>
                <a href={environment.url} target="_blank" rel="noreferrer">
                  <ExternalLink className="i" aria-hidden />
                  Open
                </a>
              </DropdownMenu.Item>
            ) : null}
            <DropdownMenu.Item asChild>
              <Link href={`/environments/${environment.id}?tab=logs`}>
                <ScrollText className="i" aria-hidden />
                Logs
              </Link>
            </DropdownMenu.Item>
            {environment.status === "ready" && environment.expiresAt ? (
              <DropdownMenu.Item asChild onSelect={extend}>
                <button type="button">
                  <Clock className="i" aria-hidden />
                  Extend 24 h
                </button>
              </DropdownMenu.Item>
            ) : null}
            {environment.status === "ready" ? (
              <DropdownMenu.Item asChild>
                <Link href={`/actions?environment=${environment.id}`}>
                  <Zap className="i" aria-hidden />
                  Run action
                </Link>
              </DropdownMenu.Item>
            ) : null}
            <hr className="rule" />
            <DropdownMenu.Item asChild onSelect={() => setDeleting(true)}>
              <button type="button" className="t-danger">
                <Trash2 className="i" aria-hidden />
                Delete environment
              </button>
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      <DeleteEnvironment environment={environment} open={deleting} onOpenChange={setDeleting} />
    </>
  );
}
