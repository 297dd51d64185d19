import type { Config } from "tailwindcss";

const role = (name: string) => `var(--${name})`;
const roles = [
  "background",
  "surface",
  "muted",
  "muted-strong",
  "border",
  "border-strong",
  "foreground",
  "muted-foreground",
  "primary",
  "primary-hover",
  "primary-foreground",
  "primary-subtle",
  "ring",
  "mark",
  "success",
  "success-bg",
  "success-border",
  "warning",
  "warning-bg",
  "warning-border",
  "danger",
  "danger-bg",
  "danger-border",
  "info",
  "info-bg",
  "info-border",
  "neutral",
  "neutral-bg",
  "neutral-border",
];

// Components name these roles only; the values of both themes are in app/tokens.css.
export default {
  content: ["./app/**/*.tsx", "./components/**/*.tsx"],
  darkMode: ["selector", '[data-theme="dark"]'],
  theme: { extend: { colors: Object.fromEntries(roles.map((name) => [name, role(name)])), fontFamily: { sans: [role("font-sans")], mono: [role("font-mono")] } } },
} satisfies Config;
