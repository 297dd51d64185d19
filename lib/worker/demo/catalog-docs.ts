/** Documents of the demo company's entities, as they would lie in their repositories. */
export const DEMO_DOCS: Record<string, { path: string; text: string }[]> = {
  "component:default/checkout-api": [
    {
      path: "README.md",
      text: `# checkout-api

Takes a basket to a paid order. Every other way to buy (the shop, the apps, the call centre) ends here.

## Run it

\`\`\`sh
npm ci
npm run dev        # http://localhost:8080, against a local Postgres
npm test
\`\`\`

Need a copy that is yours alone? Create a sandbox from this page: it has its own database and ends by itself.

## How an order is made

1. \`POST /orders\` reserves the lines with **cart-worker** and answers \`201\` with the order in state \`reserved\`.
2. \`POST /orders/{id}/pay\` asks **fraud-score**, then authorizes with **payments-gateway**.
3. The event \`order.paid\` goes out through an outbox, so that it is sent once and never lost.

\`\`\`mermaid
sequenceDiagram
  Shop->>checkout-api: POST /orders
  checkout-api->>cart-worker: reserve lines
  checkout-api-->>Shop: 201, reserved
  Shop->>checkout-api: POST /orders/{id}/pay
  checkout-api->>fraud-score: score
  checkout-api->>payments-gateway: authorize
  checkout-api-->>Shop: 200, paid
\`\`\`

| State | Means | Ends after |
|---|---|---|
| reserved | lines are held | 30 min |
| authorized | money is held | 7 d |
| paid | captured and confirmed | never |

## When it hurts

The [runbook](docs/runbook.md) says what to do when orders stop. The [decisions](docs/decisions.md) say why it is as it is.
`,
    },
    {
      path: "mkdocs.yml",
      text: `site_name: checkout-api
nav:
  - Operations:
      - Runbook: runbook.md
  - Background:
      - decisions.md
`,
    },
    {
      path: "docs/runbook.md",
      text: `# Runbook

**First question: do orders stop, or only slow down?** The traffic chart on the service page tells.

!!! warning "Before anything else"
    Say in #team-checkout that you look at it. Two people who roll back at the same time cost us an hour in May.

## Orders stop

- Was there a deployment in the last hour? Roll back first, ask later.
- Is \`payments-gateway\` unhealthy? Its team is on call too: ask them, do not wait.
- Is the outbox growing? \`select count(*) from outbox where sent_at is null\` should be below 100.

## Orders are slow

> Most often it is a missing index after a migration. Look at the slowest query before anything else.

## Afterwards

Resolve the incident in Waymark, and write down what would have made it shorter.
`,
    },
    {
      path: "docs/decisions.md",
      text: `# Decisions

## Money is an integer

Amounts are cents in a \`bigint\`. Rounding happens once, where tax is computed.

## Events through an outbox

A broker that is down must not lose an order. Rows are written in the transaction of the order and sent afterwards.

## One payment provider at a time

Trying a second provider after a timeout charged people twice. We ask the first one what happened instead.
`,
    },
  ],
  "component:default/catalog-search": [
    {
      path: "README.md",
      text: `# catalog-search

Product search and suggestions, p95 below 80 ms.

- Results come from the index, never from the product database.
- The first 200 are re-ranked by \`ranking-model\`; when it does not answer within 40 ms, the order of the index counts.

\`\`\`sh
npm run dev -- --index fixtures/small
\`\`\`
`,
    },
  ],
  "component:default/identity-gateway": [
    {
      path: "README.md",
      text: `# identity-gateway

Sign-in, sessions and tokens for shoppers. Colleagues sign in elsewhere.

**Do not** read the session cookie in your service. Call \`GET /me\` with the token that you were given: it is cached for a minute and knows about revocation.
`,
    },
  ],
  "component:default/ledger": [
    {
      path: "README.md",
      text: `# ledger

Double-entry book of every payment. Append-only: a mistake is booked back, never changed.

Every booking has a reason and an order. \`sum(amount) = 0\` for each of them, or the write is refused.
`,
    },
  ],
  "component:default/service-kit": [
    {
      path: "README.md",
      text: `# service-kit

Logging, health and telemetry for Node services, the same way everywhere. Services from the golden path have it already.
`,
    },
  ],
};
