"use client";

import { useLinkStatus } from "next/link";
import { Spinner } from "@/components/ui/spinner";

/** Inside a link: says that its page is on the way, once that takes longer than a moment. */
export function NavPending() {
  const { pending } = useLinkStatus();
  return pending ? (
    <span className="nav-pending">
      <Spinner />
      <span className="sr">Loading</span>
    </span>
  ) : null;
}
