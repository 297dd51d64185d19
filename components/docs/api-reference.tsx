import { Table } from "@/components/ui/table";

type Schema = {
  type?: string | string[];
  enum?: unknown[];
  anyOf?: Schema[];
  description?: string;
  default?: unknown;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
};

interface ApiOperation {
  summary: string;
  tags: string[];
  parameters: { name: string; in: string; required: boolean; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

export interface ApiDocument {
  servers: { url: string }[];
  paths: Record<string, Record<string, ApiOperation>>;
}

const anchorOf = (method: string, path: string) => `${method}${path.replace(/[^a-z0-9]+/gi, "-")}`;

function typeWords(schema: Schema): string {
  if (schema.enum) return schema.enum.map(String).join(" | ");
  if (schema.anyOf) return schema.anyOf.map(typeWords).join(" | ");
  const type = Array.isArray(schema.type) ? schema.type.join(" | ") : (schema.type ?? "any");
  return type === "array" && schema.items ? `list of ${typeWords(schema.items)}` : type;
}

/** The HTTP API for reading: every path with its inputs, made from the same contracts that check them. */
export function ApiReference({ document }: { document: ApiDocument }) {
  const groups = new Map<string, { method: string; path: string; operation: ApiOperation }[]>();
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags[0] ?? "other";
      groups.set(tag, [...(groups.get(tag) ?? []), { method, path, operation }]);
    }
  }
  return (
    <div className="stack-8">
      {[...groups].map(([tag, operations]) => (
        <section key={tag} className="stack-4">
          <h2 id={tag}>{tag}</h2>
          {operations.map(({ method, path, operation }) => (
            <Operation key={anchorOf(method, path)} method={method} path={path} operation={operation} />
          ))}
        </section>
      ))}
    </div>
  );
}

function Operation({ method, path, operation }: { method: string; path: string; operation: ApiOperation }) {
  const body = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  const inputs = [
    ...operation.parameters.map((one) => ({ name: one.name, place: one.in, required: one.required, schema: one.schema })),
    ...Object.entries(body?.properties ?? {}).map(([name, schema]) => ({ name, place: "body", required: body?.required?.includes(name) ?? false, schema })),
  ];
  const anchor = anchorOf(method, path);
  return (
    <article id={anchor} className="stack-2">
      <h3>
        <a href={`#${anchor}`} className="mono">
          {method.toUpperCase()} {path}
        </a>
      </h3>
      <p className="muted">{operation.summary}</p>
      {inputs.length ? (
        <Table
          caption={`Inputs of ${method.toUpperCase()} ${path}`}
          columns={[
            { key: "name", title: "Name" },
            { key: "in", title: "In" },
            { key: "type", title: "Type" },
            { key: "needed", title: "Needed" },
          ]}
          rows={inputs.map(({ name, place, required, schema }) => ({
            key: `${place}.${name}`,
            cells: { name: <code>{name}</code>, in: place, type: typeWords(schema), needed: required ? "yes" : "no" },
          }))}
        />
      ) : null}
    </article>
  );
}
