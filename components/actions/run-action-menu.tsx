"use client";

import { ChevronDown, Zap } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import type { ActionSummary } from "@/lib/actions/contract";

/** "Run action" in the head of an entity or environment; `query` says on what, such as `entity=component:default/checkout-api`. */
export function RunActionMenu({ actions, query }: { actions: Pick<ActionSummary, "name" | "title" | "locked">[]; query: string }) {
  if (actions.length === 0) return null;
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <Button>
          <Zap className="i" aria-hidden />
          Run action
          <ChevronDown className="i" aria-hidden />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu-pop float" align="end" sideOffset={4}>
          {actions.map((action) => (
            <DropdownMenu.Item key={action.name} asChild>
              <Link href={`/actions/${action.name}?${query}`}>
                <span className={action.locked ? "muted grow" : "grow"}>{action.title}</span>
                {action.locked ? <span className="caption">{action.locked}</span> : null}
              </Link>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
