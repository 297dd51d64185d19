"use client";

import { Popover } from "radix-ui";
import type { RefObject } from "react";
import { Link } from "@/components/ui/link";
import { Time } from "@/components/ui/time";
import { useFocusBack } from "@/components/ui/use-focus-back";
import type { PartProps } from "@/components/ui/use-part";
import { markNotificationsRead } from "@/lib/notifications/actions";
import type { Notification } from "@/lib/notifications/contract";

/** The latest notices, below their button; closing the list is what reads them. */
export function NotificationsList({ open, onOpenChange, trigger, items, unread }: PartProps & { items: Notification[]; unread: number }) {
  const change = (next: boolean) => {
    onOpenChange(next);
    if (!next && unread) void markNotificationsRead({});
  };
  return (
    <Popover.Root open={open} onOpenChange={change}>
      {/* The button is in the page before it is pressed. */}
      <Popover.Anchor virtualRef={trigger as RefObject<HTMLButtonElement>} />
      <Popover.Portal>
        <Popover.Content
          className="panel float w-[360px] shadow-(--shadow-float)"
          align="end"
          sideOffset={8}
          aria-label="Notices"
          onInteractOutside={(event) => {
            // The button closes it itself.
            if (event.target instanceof Node && trigger.current?.contains(event.target)) event.preventDefault();
          }}
          {...useFocusBack()}
        >
          {items.length === 0 ? <p className="panel-body muted">Nothing needs you. Expiring and failed environments show up here.</p> : null}
          <ul className="list">
            {items.map((item) => (
              <li key={item.id}>
                <div className="grow">
                  <Link href={item.href} className={item.readAt ? "" : "strong"}>
                    {item.title}
                  </Link>
                  <div className="caption">{item.body}</div>
                </div>
                <span className="caption">
                  <Time at={item.createdAt} />
                </span>
              </li>
            ))}
          </ul>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
