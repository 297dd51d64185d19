"use client";

import { type ComponentType, type KeyboardEvent, type RefObject, useCallback, useRef, useState } from "react";
import { LOST } from "./lost";
import { useToast } from "./toast";

/** What a part that opens later gets from its button. */
export interface PartProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The button, to stand beside it. */
  trigger: RefObject<HTMLButtonElement | null>;
}

/**
 * A dialog or menu whose code comes when somebody is about to open it (pointer over the button, focus, touch), and not with the page.
 * A press before the code is here opens it once it is. Spread `trigger` on the button; draw `Part` with `part` where it is there.
 */
export function usePart<P extends Omit<PartProps, "trigger">>(load: () => Promise<ComponentType<P>>, kind: "dialog" | "menu") {
  const [Part, setPart] = useState<ComponentType<P> | null>(null);
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const toast = useToast();
  const fetched = useCallback(() => load().then((part) => setPart(() => part)), [load]);
  // Nobody asked for it yet: that it did not come is said at the press.
  const early = () => void fetched().catch(() => undefined);
  const press = () => {
    if (open) return setOpen(false);
    void fetched().then(
      () => setOpen(true),
      () => toast(LOST),
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (kind !== "menu" || event.key !== "ArrowDown") return;
    event.preventDefault();
    press();
  };
  return {
    Part,
    part: { open, onOpenChange: setOpen, trigger: button } satisfies PartProps,
    trigger: { ref: button, onPointerEnter: early, onFocus: early, onClick: press, onKeyDown, "aria-haspopup": kind, "aria-expanded": open },
  };
}
