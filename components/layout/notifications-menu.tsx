"use client";

import { Bell } from "lucide-react";
import { Button } from "@/components/ui/button";
import { usePart } from "@/components/ui/use-part";
import type { Notification } from "@/lib/notifications/contract";

const loadList = () => import("./notifications-list").then((module) => module.NotificationsList);

export function NotificationsMenu({ items, unread }: { items: Notification[]; unread: number }) {
  const { Part, part, trigger } = usePart(loadList, "dialog");
  return (
    <>
      <Button variant="icon" aria-label={unread ? `Notices, ${unread} unread` : "Notices"} title="Notices" {...trigger}>
        <Bell className={unread ? "i text-warning" : "i"} aria-hidden />
      </Button>
      {Part ? <Part {...part} items={items} unread={unread} /> : null}
    </>
  );
}
