import type { FormUse } from "@/lib/golden-paths/contract";

/** How many forms were opened, sent and abandoned, and at which question. */
export function FormCounts({ forms: { opened, sent, abandoned, lastTouched } }: { forms: FormUse }) {
  if (opened === 0) return <span className="muted">none opened</span>;
  const named = lastTouched.map(({ field, forms }) => `${field || "before the first question"} (${forms})`);
  return (
    <span className="muted" title={`${sent} sent, ${abandoned} not sent within a day, ${Math.max(0, opened - sent - abandoned)} still open`}>
      {opened} opened, {abandoned} abandoned
      {named.length > 0 ? <span className="block">at {named.slice(0, 2).join(", ")}</span> : null}
    </span>
  );
}
