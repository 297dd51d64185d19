"use client";

import { Bell } from "lucide-react";
import Link from "next/link";
import { Popover } from "radix-ui";
import { Button } from "@/components/ui/button";
import { Time } from "@/components/ui/time";
import { markNotificationsRead } from "@/lib/notifications/actions";
import type { Notification } from "@/lib/notifications/contract";

export function NotificationsMenu({ items, unread }: { items: Notification[]; unread: number }) {
  return (
    <Popover.Root onOpenChange={(open) => (!open && unread ? void markNotificationsRead({}) : undefined)}>
      <Popover.Trigger asChild>
        <Button variant="icon" aria-label={unread ? `Notices, ${unread} unread` : "Notices"} title="Notices">
          <Bell className={unread ? "i text-warning" : "i"} aria-hidden />
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="panel float w-[360px] shadow-(--shadow-float)" align="end" sideOffset={8} aria-label="Notices">
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
