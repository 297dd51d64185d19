"use client";

import { usePathname } from "next/navigation";
import { Dialog } from "radix-ui";
import { type ReactNode, useEffect, useRef } from "react";
import { useFocusBack } from "@/components/ui/use-focus-back";
import type { PartProps } from "@/components/ui/use-part";

/** The sidebar over a phone's page; it closes when the page changes. */
export function PhoneSheet({ open, onOpenChange, children }: PartProps & { children: ReactNode }) {
  const pathname = usePathname();
  const at = useRef(pathname);
  // The change of the address is what closes it
  useEffect(() => {
    if (at.current !== pathname) onOpenChange(false);
    at.current = pathname;
  }, [pathname, onOpenChange]);
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="sheet" aria-describedby={undefined} {...useFocusBack()}>
          <Dialog.Title className="sr">Navigation</Dialog.Title>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
