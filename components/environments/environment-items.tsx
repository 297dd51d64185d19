"use client";

import { Clock, ExternalLink, ScrollText, Trash2, Zap } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useState } from "react";
import { Link } from "@/components/ui/link";
import { Menu } from "@/components/ui/menu";
import type { PartProps } from "@/components/ui/use-part";
import type { Environment } from "@/lib/environments/contract";
import { DeleteEnvironment } from "./delete-environment";
import { ExtendDialog } from "./extend-dialog";

/** What can be done with the environment of a row; deleting stands apart and asks first. */
export function EnvironmentItems({ environment, ...part }: PartProps & { environment: Environment }) {
  const [deleting, setDeleting] = useState(false);
  const [extending, setExtending] = useState(false);
  return (
    <>
      <Menu {...part} label={`More for ${environment.name}`}>
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
          <DropdownMenu.Item asChild onSelect={() => setExtending(true)}>
            <button type="button">
              <Clock className="i" aria-hidden />
              Extend…
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
      </Menu>
      <ExtendDialog environment={environment} open={extending} onOpenChange={setExtending} />
      <DeleteEnvironment environment={environment} open={deleting} onOpenChange={setDeleting} />
    </>
  );
}
