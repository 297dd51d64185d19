"use client";

import { DropdownMenu } from "radix-ui";
import { type ReactNode, type Ref, type RefObject, useImperativeHandle } from "react";
import type { PartProps } from "./use-part";

interface Props extends PartProps {
  /** What the menu is of. */
  label: string;
  side?: "top" | "bottom";
  align?: "start" | "end";
  children: ReactNode;
}

/** A menu that came after its button: placed by it, and at its end the button has the focus. Its items are those of Radix. */
export function Menu({ open, onOpenChange, trigger, label, side = "bottom", align = "end", children }: Props) {
  return (
    <DropdownMenu.Root open={open} onOpenChange={onOpenChange}>
      <DropdownMenu.Trigger asChild>
        <Standing for={trigger} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu-pop float" side={side} align={align} sideOffset={4} aria-labelledby={undefined} aria-label={label}>
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** The button of the page in the place where Radix wants one of its own. */
function Standing({ for: button, ref }: { for: RefObject<HTMLButtonElement | null>; ref?: Ref<HTMLButtonElement | null> }) {
  useImperativeHandle<HTMLButtonElement | null, HTMLButtonElement | null>(ref, () => button.current, [button]);
  return null;
}
