import { FACT_GROUPS, type FactGroup } from "@/lib/scorecards/contract";

const GROUPS = Object.entries(FACT_GROUPS as Record<string, FactGroup>);

/** Everything that a condition may name. */
export function FactsReference() {
  return (
    <details className="panel">
      <summary className="panel-body strong">Facts that conditions can use</summary>
      <div className="panel-body stack-4">
        <p className="muted">
          <code>entity</code> is the catalog document, such as <code>entity.spec.lifecycle == "production"</code>; <code>has(entity.metadata.description)</code> asks whether a part
          is there. What is not known makes a check unknown, unless the rest decides.
        </p>
        {GROUPS.map(([name, { title, source, fields }]) => (
          <div key={name}>
            <h3>
              {title} <span className="muted">from {source}</span>
            </h3>
            <dl className="api-fields">
              {Object.entries(fields).map(([field, { type, text }]) => (
                <div key={field}>
                  <dt>
                    <code className="mono">
                      {name}.{field}
                    </code>
                  </dt>
                  <dd>
                    <span className="muted">{type}</span> {text}
                  </dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </div>
    </details>
  );
}
