import type { ReactNode } from "react";

export interface ShownFacts {
  title: string;
  /** Where they come from. */
  source?: string;
  facts: { path: string; type: string; text: string }[];
}

/** Everything that a condition may name. */
export function FactsReference({ children, groups }: { children: ReactNode; groups: ShownFacts[] }) {
  return (
    <details className="panel">
      <summary className="panel-body strong">Facts that conditions can use</summary>
      <div className="panel-body stack-4">
        <p className="muted">{children}</p>
        {groups.map(({ title, source, facts }) => (
          <div key={title}>
            <h3>
              {title} {source ? <span className="muted">from {source}</span> : null}
            </h3>
            <dl className="api-fields">
              {facts.map(({ path, type, text }) => (
                <div key={path}>
                  <dt>
                    <code className="mono">{path}</code>
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
