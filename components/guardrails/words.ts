import { dateFormat } from "@/lib/core/date-format";
import type { Ability, GuardrailResult, Verdict } from "@/lib/guardrails/contract";

/** How a verdict is shown as a status. */
export const VERDICT_STATUS: Record<Verdict, string> = { passes: "passed", refuses: "refused", warns: "warned", excepted: "excepted", open: "awaited" };

export const ABILITY_SHORT: Record<Ability, string> = {
  "environment.create": "Create environment",
  "environment.extend": "Extend sandbox",
  "environment.deploy": "Deploy",
  "service.create": "Create service",
  "golden-path.run": "Run golden path",
  "action.run": "Run action",
};

export const CHANNEL_WORDS: Record<string, string> = { web: "browser", api: "HTTP API", cli: "command line", mcp: "agent", platform: "the platform" };

const day = (iso: string) => dateFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(Date.parse(iso) - 1);

/** What there is to know about one result, after its title; empty for one that passes. */
export function resultWords({ verdict, message, fix, undecided, exception }: GuardrailResult): string {
  if (verdict === "passes") return "";
  if (verdict === "open") return `It waits for an answer: ${undecided}`;
  if (verdict === "excepted") return exception ? `Until ${day(exception.until)}: ${exception.reason}` : "";
  return `${message} ${fix}`;
}

/** What one click shows of a fact: text without quotes. */
export const factWords = (value: unknown): string => (typeof value === "string" ? value || "—" : typeof value === "object" ? JSON.stringify(value) : String(value));

const RANK: Record<Verdict, number> = { refuses: 0, warns: 1, open: 2, excepted: 3, passes: 4 };

/** What needs looking at first. */
export const worstFirst = (results: GuardrailResult[]): GuardrailResult[] => [...results].sort((a, b) => RANK[a.verdict] - RANK[b.verdict]);

/** `2 refuse, 1 warns, 3 pass`. */
export function countWords(results: Pick<GuardrailResult, "verdict">[]): string {
  const count = (verdict: Verdict) => results.filter((one) => one.verdict === verdict).length;
  const parts: [number, string, string][] = [
    [count("refuses"), "refuses", "refuse"],
    [count("warns"), "warns", "warn"],
    [count("open"), "waits", "wait"],
    [count("excepted"), "lets you through", "let you through"],
    [count("passes"), "passes", "pass"],
  ];
  return parts
    .filter(([n]) => n > 0)
    .map(([n, one, many]) => `${n} ${n === 1 ? one : many}`)
    .join(", ");
}
