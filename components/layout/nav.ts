import {
  Blocks,
  Box,
  ChartLine,
  ClipboardList,
  House,
  Inbox,
  KeyRound,
  Library,
  ListChecks,
  ListTree,
  type LucideIcon,
  MessageSquare,
  PencilRuler,
  Plug,
  Ruler,
  ScrollText,
  Settings,
  ShieldCheck,
  Signpost,
  UserCog,
  UserRoundPlus,
  Users,
  Webhook,
  Zap,
} from "lucide-react";
export interface NavItem {
  label: string;
  href: string;
  icon: LucideIcon;
  /** Second key after `g`. */
  shortcut?: string;
}

export const MAIN_NAV: NavItem[] = [
  { label: "Home", href: "/", icon: House, shortcut: "h" },
  { label: "Environments", href: "/environments", icon: Box, shortcut: "e" },
  { label: "Catalog", href: "/catalog", icon: Library, shortcut: "c" },
  { label: "Golden paths", href: "/golden-paths", icon: Signpost, shortcut: "p" },
  { label: "Actions", href: "/actions", icon: Zap, shortcut: "a" },
  { label: "Runs", href: "/runs", icon: ListTree, shortcut: "r" },
];

/** Figures and surveys, under their own heading. */
export const INSIGHT_NAV: NavItem[] = [
  { label: "Delivery", href: "/delivery", icon: ChartLine, shortcut: "d" },
  { label: "Scorecards", href: "/scorecards", icon: ListChecks, shortcut: "k" },
  { label: "Guardrails", href: "/guardrails", icon: ShieldCheck, shortcut: "g" },
  { label: "Survey", href: "/survey", icon: MessageSquare, shortcut: "s" },
];

export const ADMIN_NAV: NavItem[] = [
  { label: "People", href: "/admin/people", icon: Users },
  { label: "Teams", href: "/admin/teams", icon: UserCog },
  { label: "Role rules", href: "/admin/role-rules", icon: KeyRound },
  { label: "Provisioning", href: "/admin/provisioning", icon: UserRoundPlus },
  { label: "Golden paths", href: "/admin/golden-paths", icon: PencilRuler },
  { label: "Step actions", href: "/admin/step-actions", icon: Blocks },
  { label: "Actions", href: "/admin/actions", icon: Zap },
  { label: "Scorecards", href: "/admin/scorecards", icon: ListChecks },
  { label: "Guardrails", href: "/admin/guardrails", icon: ShieldCheck },
  { label: "Surveys", href: "/admin/surveys", icon: ClipboardList },
  { label: "Feedback", href: "/admin/feedback", icon: Inbox },
  { label: "Integrations", href: "/admin/integrations", icon: Plug },
  { label: "Webhooks", href: "/admin/webhooks", icon: Webhook },
  { label: "Delivery rules", href: "/admin/delivery-rules", icon: Ruler },
  { label: "Settings", href: "/admin/settings", icon: Settings },
];

/** Everybody has one: their own doings, their teams', or all, by role. */
export const AUDIT_NAV: NavItem = { label: "Audit log", href: "/admin/audit", icon: ScrollText };
