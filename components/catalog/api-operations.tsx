import type { ReactNode } from "react";
import type { ApiField, ApiOperation, ApiType } from "@/lib/catalog/contract";

function Fields({ title, fields }: { title: string; fields: ApiField[] }) {
  if (fields.length === 0) return null;
  return (
    <div>
      <h4 className="caption">{title}</h4>
      <dl className="api-fields">
        {fields.map((field, index) => (
          <div key={`${field.name} ${index}`}>
            <dt className="mono">
              {field.name || field.type}
              {field.required && field.name ? (
                <span className="t-danger" title="Required">
                  *
                </span>
              ) : null}
            </dt>
            <dd>
              {field.name ? <span className="mono muted">{field.type}</span> : null}
              {field.description ? <span> {field.description}</span> : null}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Row({ head, children }: { head: ReactNode; children: ReactNode }) {
  return (
    <li>
      <details>
        <summary>{head}</summary>
        <div className="api-detail">{children}</div>
      </details>
    </li>
  );
}

/** True if every word is somewhere in the operation or type. */
export function holdsWords(item: ApiOperation | ApiType, words: string[]): boolean {
  const all = JSON.stringify(Object.values(item)).toLowerCase();
  return words.every((word) => all.includes(word));
}

/** Operations under their headings; each opens to what goes in and what comes out. */
export function ApiOperations({ operations }: { operations: ApiOperation[] }) {
  const groups = [...new Set(operations.map(({ group }) => group))];
  return groups.map((group) => (
    <section key={group}>
      {group ? <h3 className="api-group">{group}</h3> : null}
      <ul className="api-list bare">
        {operations
          .filter((one) => one.group === group)
          .map((operation, index) => (
            <Row
              key={`${operation.verb} ${operation.name} ${index}`}
              head={
                <>
                  <span className="badge mono api-verb">{operation.verb}</span>
                  <span className={operation.deprecated ? "mono api-name is-old" : "mono api-name"}>{operation.name}</span>
                  <span className="muted truncate grow api-summary">{operation.summary}</span>
                  {operation.deprecated ? <span className="badge warning">deprecated</span> : null}
                </>
              }
            >
              {operation.summary ? <p>{operation.summary}</p> : null}
              <Fields title="Takes" fields={operation.input} />
              <Fields title="Answers" fields={operation.output} />
              {operation.input.length + operation.output.length === 0 ? <p className="muted">The definition says no more about it.</p> : null}
            </Row>
          ))}
      </ul>
    </section>
  ));
}

export function ApiTypes({ types }: { types: ApiType[] }) {
  return (
    <ul className="api-list bare">
      {types.map((type, index) => (
        <Row
          key={`${type.name} ${index}`}
          head={
            <>
              <span className="mono api-name">{type.name}</span>
              <span className="muted truncate grow api-summary">{type.description ?? type.kind}</span>
              <span className="count">{type.fields.length}</span>
            </>
          }
        >
          {type.description ? <p>{type.description}</p> : null}
          <Fields title="Fields" fields={type.fields} />
          {type.fields.length === 0 ? <p className="muted">No fields of its own.</p> : null}
        </Row>
      ))}
    </ul>
  );
}
