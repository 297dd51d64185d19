"use client";

import { X } from "lucide-react";
import { Dialog } from "radix-ui";
import { Button } from "@/components/ui/button";
import { INSIGHT_NAV, MAIN_NAV } from "./nav";

const SHORTCUTS: [string[], string][] = [
  [["Ctrl", "K"], "Search and commands"],
  [["/"], "Filter this page"],
  ...[...MAIN_NAV, ...INSIGHT_NAV].map(({ shortcut = "", label }): [string[], string] => [["g", shortcut], `Go to ${label.toLowerCase()}`]),
  [["j"], "Next row"],
  [["k"], "Previous row"],
  [["Ctrl", "Enter"], "Submit the form"],
  [["0–9"], "Answer a survey question"],
  [["?"], "This list"],
];

export function ShortcutHelp({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog fixed left-1/2 top-1/2 z-[11] -translate-x-1/2 -translate-y-1/2" aria-describedby={undefined}>
          <div className="dialog-body">
            <div className="line spread">
              <Dialog.Title asChild>
                <h2>Keyboard shortcuts</h2>
              </Dialog.Title>
              <Dialog.Close asChild>
                <Button variant="icon" aria-label="Close">
                  <X className="i" aria-hidden />
                </Button>
              </Dialog.Close>
            </div>
            <dl className="facts">
              {SHORTCUTS.map(([keys, what]) => (
                <div key={what} className="contents">
                  <dt className="line">
                    {keys.map((key) => (
                      <kbd key={key} className="kbd">
                        {key}
                      </kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
