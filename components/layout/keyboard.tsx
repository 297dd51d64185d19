"use client";

import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { ADMIN_NAV, AUDIT_NAV, INSIGHT_NAV, MAIN_NAV } from "./nav";
import { HELP_EVENT, PALETTE_EVENT } from "./shell-events";

const CommandMenu = dynamic(() => import("./command-menu").then((module) => module.CommandMenu), { ssr: false });
const ShortcutHelp = dynamic(() => import("./shortcut-help").then((module) => module.ShortcutHelp), { ssr: false });

const SEQUENCE_MS = 1_200;

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
}

function moveRow(step: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>("tr[data-row] td:first-child a")];
  if (links.length === 0) return;
  const at = links.indexOf(document.activeElement as HTMLElement);
  links[Math.min(links.length - 1, Math.max(0, at + step))]?.focus();
}

/** Listens for the portal's shortcuts and loads palette and help at their first use. */
export function KeyboardShortcuts({ isAdmin }: { isAdmin: boolean }) {
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const [loaded, setLoaded] = useState(false);
  const router = useRouter();
  const afterG = useRef(0);
  useEffect(() => {
    const showPalette = () => {
      setLoaded(true);
      setPalette(true);
    };
    const showHelp = () => {
      setLoaded(true);
      setHelp(true);
    };
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        showPalette();
        return;
      }
      if ((event.metaKey || event.ctrlKey) && event.key === "Enter" && event.target instanceof HTMLElement) event.target.closest("form")?.requestSubmit();
      if (isTyping(event.target) || event.metaKey || event.ctrlKey || event.altKey) return;
      const goes = event.timeStamp - afterG.current < SEQUENCE_MS ? [...MAIN_NAV, ...INSIGHT_NAV].find((item) => item.shortcut === event.key) : undefined;
      afterG.current = event.key === "g" ? event.timeStamp : 0;
      if (goes) router.push(goes.href);
      else if (event.key === "?") showHelp();
      else if (event.key === "/") {
        event.preventDefault();
        const filter = document.querySelector<HTMLInputElement>("main input[type=search]");
        if (filter) filter.focus();
        else showPalette();
      } else if (event.key === "j") moveRow(1);
      else if (event.key === "k") moveRow(-1);
    };
    window.addEventListener("keydown", onKey);
    window.addEventListener(PALETTE_EVENT, showPalette);
    window.addEventListener(HELP_EVENT, showHelp);
    return () => {
      window.removeEventListener("keydown", onKey);
      window.removeEventListener(PALETTE_EVENT, showPalette);
      window.removeEventListener(HELP_EVENT, showHelp);
    };
  }, [router]);
  if (!loaded) return null;
  return (
    <>
      <CommandMenu
        open={palette}
        onOpenChange={setPalette}
        pages={[...MAIN_NAV, ...INSIGHT_NAV, ...(isAdmin ? ADMIN_NAV : []), AUDIT_NAV].map(({ label, href }) => ({ label, href }))}
      />
      <ShortcutHelp open={help} onOpenChange={setHelp} />
    </>
  );
}
