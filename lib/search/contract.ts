import { z } from "zod";

export const SearchInput = z.strictObject({ q: z.string().trim().min(1, "Say what to look for.").max(100) });

export interface SearchItem {
  kind: "entity" | "environment" | "golden-path" | "action" | "scorecard" | "repository" | "run";
  /** What its own address in the API takes: a ref, a name, or an id. */
  id: string;
  title: string;
  detail: string;
  /** Its page in the portal. */
  href: string;
}
