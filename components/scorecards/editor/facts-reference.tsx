import { FactsReference as Reference } from "@/components/conditions/facts-reference";
import { FACT_GROUPS, type FactGroup } from "@/lib/scorecards/contract";

const GROUPS = Object.entries(FACT_GROUPS as Record<string, FactGroup>).map(([name, { title, source, fields }]) => ({
  title,
  source,
  facts: Object.entries(fields).map(([field, { type, text }]) => ({ path: `${name}.${field}`, type, text })),
}));

/** Everything that a condition of a check may name. */
export function FactsReference() {
  return (
    <Reference groups={GROUPS}>
      <code>entity</code> is the catalog document, such as <code>entity.spec.lifecycle == "production"</code>; <code>has(entity.metadata.description)</code> asks whether a part is
      there. What is not known makes a check unknown, unless the rest decides.
    </Reference>
  );
}
