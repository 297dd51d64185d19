import { randomBytes } from "node:crypto";
import { copyFloor } from "./floor/copy";
import { openDatabase } from "./setup/database";
import { report, timed } from "./setup/measure";
import { benchPortal } from "./setup/portal";

// Spans over OTLP/HTTP in batches as SDKs send them, from several senders at once, until each has sent what it may at once. The floor is
// the rows that they become, copied into the same tables.

const SENDERS = 8;
const BATCHES = 35;
const BATCH = 512;
const ROUTES = 12;
/** What a service under a little load sends every two seconds. */
const [USUAL, USUAL_BATCHES] = [20, 60];

const portal = await benchPortal();
const pat = portal.token("pat", "read,catalog:write,admin");
const sql = openDatabase(portal);
const tokens = Array.from({ length: SENDERS }, () => portal.token("pat", "events:write"));

const text = (key: string, value: string) => ({ key, value: { stringValue: value } });

/** One request with a query below it, as often as fits. */
function batch(service: string, size = BATCH): string {
  const spans = Array.from({ length: size / 2 }, (_, index) => {
    const [traceId, spanId] = [randomBytes(16).toString("hex"), randomBytes(8).toString("hex")];
    const end = Date.now() - (index % 1_000);
    const nano = (ms: number) => `${ms}000000`;
    const request = {
      traceId,
      spanId,
      name: "GET",
      kind: 2,
      startTimeUnixNano: nano(end - 5 - (index % 200)),
      endTimeUnixNano: nano(end),
      attributes: [
        text("http.request.method", "GET"),
        text("http.route", `/orders/${index % ROUTES}/:id`),
        text("url.path", `/orders/${index % ROUTES}/${index}`),
        text("user_agent.original", "load/1.0"),
        { key: "http.response.status_code", value: { intValue: index % 50 === 0 ? 500 : 200 } },
      ],
    };
    const query = {
      traceId,
      spanId: randomBytes(8).toString("hex"),
      parentSpanId: spanId,
      name: "pg.query:SELECT",
      kind: 3,
      startTimeUnixNano: nano(end - 4),
      endTimeUnixNano: nano(end - 1),
      attributes: [text("db.system.name", "postgresql"), text("db.query.text", "select * from orders where id = $1")],
    };
    return [request, query];
  });
  const attributes = [text("service.name", service), text("deployment.environment.name", "production")];
  return JSON.stringify({ resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: spans.flat() }] }] });
}

async function send(token: string, body: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const answer = await fetch(`${portal.url}/otlp/v1/traces`, { method: "POST", headers, body });
  const said = await answer.text();
  if (answer.status !== 200 || said !== "{}") throw new Error(`telemetry: ${answer.status} ${said}`);
}

try {
  const names = Array.from({ length: SENDERS }, (_, n) => `telemetry-${n}`);
  const documents = names.map((name) =>
    ["apiVersion: backstage.io/v1alpha1", "kind: Component", `metadata: {name: ${name}}`, "spec: {type: service, lifecycle: production, owner: checkout}"].join("\n"),
  );
  await fetch(`${portal.url}/api/v1/catalog/import`, {
    method: "POST",
    headers: { authorization: `Bearer ${pat}`, "content-type": "application/yaml" },
    body: documents.join("\n---\n"),
  });
  const usual: number[] = [];
  const [first = ""] = names;
  for (let n = 0; n < USUAL_BATCHES; n++) usual.push(await timed(() => send(tokens[0] ?? "", batch(first, USUAL))));
  report(`telemetry-batch-of-${USUAL}`, "ms", usual);
  const bodies = names.map((name) => Array.from({ length: BATCHES }, () => batch(name)));
  const alone: number[] = [];
  for (const [n, name] of names.entries()) alone.push(await timed(() => send(tokens[n] ?? "", batch(name))));
  report("telemetry-batch-of-512-alone", "ms", alone);
  const samples: number[] = [];
  const ms = await timed(() =>
    Promise.all(
      bodies.map(async (own, n) => {
        for (const body of own) samples.push(await timed(() => send(tokens[n] ?? "", body)));
      }),
    ),
  );
  const spans = SENDERS * BATCHES * BATCH;
  report("telemetry-spans-accepted", "spans/s", [ms], { value: (spans / ms) * 1_000 });
  report(`telemetry-batch-of-512-of-${SENDERS}-senders-at-once`, "ms", samples);
  report("telemetry-accepted-against-copy", "ms", [ms], { floor: await copyFloor(sql, ["telemetry_counted", "telemetry_minutes", "telemetry_traces"]) });
} finally {
  await sql.end();
  await portal.stop();
}
