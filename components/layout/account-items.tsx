"use client";

import { Braces, CircleUser, Keyboard, LogOut, Monitor, Moon, Sun } from "lucide-react";
import { useTheme } from "next-themes";
import { DropdownMenu } from "radix-ui";
import { Link } from "@/components/ui/link";
import { Menu } from "@/components/ui/menu";
import type { PartProps } from "@/components/ui/use-part";
import { openHelp } from "./shell-events";

const THEMES = [
  { value: "light", label: "Light", icon: Sun },
  { value: "dark", label: "Dark", icon: Moon },
  { value: "system", label: "As the system", icon: Monitor },
];

/** What the button with one's name opens. */
export function AccountItems(part: PartProps) {
  const { theme, setTheme } = useTheme();
  return (
    <Menu {...part} label="Account" side="top" align="start">
      <DropdownMenu.Item asChild>
        <Link href="/account">
          <CircleUser className="i" aria-hidden />
          Account
        </Link>
      </DropdownMenu.Item>
      <DropdownMenu.Item asChild>
        <Link href="/docs/api">
          <Braces className="i" aria-hidden />
          HTTP API
        </Link>
      </DropdownMenu.Item>
      <DropdownMenu.Item asChild onSelect={openHelp}>
        <button type="button">
          <Keyboard className="i" aria-hidden />
          Keyboard shortcuts
          <kbd className="kbd">?</kbd>
        </button>
      </DropdownMenu.Item>
      <hr className="rule" />
      {THEMES.map(({ value, label, icon: Icon }) => (
        <DropdownMenu.Item key={value} asChild onSelect={() => setTheme(value)}>
          <button type="button" className={theme === value ? "is-on" : undefined}>
            <Icon className="i" aria-hidden />
            {label}
          </button>
        </DropdownMenu.Item>
      ))}
      <hr className="rule" />
      <form action="/api/auth/sign-out" method="post">
        <DropdownMenu.Item asChild onSelect={(event) => event.preventDefault()}>
          <button type="submit">
            <LogOut className="i" aria-hidden />
            Sign out
          </button>
        </DropdownMenu.Item>
      </form>
    </Menu>
  );
}
