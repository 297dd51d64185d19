// A domain may import the domains before it in this list, never after. See docs/architecture.md.
const DOMAINS = [
  "identity",
  "platform",
  "audit",
  "notifications",
  "agents",
  "runs",
  "catalog",
  "repositories",
  "guardrails",
  "metrics",
  "surveys",
  "scorecards",
  "telemetry",
  "golden-paths",
  "environments",
  "decommission",
  "actions",
  "search",
  "adoption",
];
const any = DOMAINS.join("|");
const TEST = "\\.test\\.tsx?$|\\.suite\\.ts$|^tests/";
const forbid = (name, comment, from, to) => ({ name, comment, severity: "error", from: { ...from, pathNot: [TEST, ...[from.pathNot ?? []].flat()] }, to });

module.exports = {
  forbidden: [
    forbid("db-is-bottom", "db imports nothing of ours.", { path: "^db/" }, { path: "^(app|components|lib)/" }),
    forbid("ui-never-touches-db", "Read through queries.ts, write through actions.ts.", { path: "^(app|components)/" }, { path: "^db/|node_modules/(drizzle-orm|postgres)/" }),
    forbid("lib-never-imports-ui", "lib runs without React components.", { path: "^lib/" }, { path: "^(app|components)/" }),
    forbid(
      "components-take-props",
      "Of a domain, components see only contract.ts and actions.ts.",
      { path: "^components/" },
      { path: `^lib/(${any})/`, pathNot: "^lib/[^/]+/(contract|actions)\\.ts$" },
    ),
    forbid(
      "components-ui-is-generic",
      "components/ui knows no domain.",
      { path: "^components/(ui|charts|form|editor|graph)/" },
      { path: "^components/(?!ui/|charts/|form/|editor/|graph/)|^lib/(?!core/)" },
    ),
    forbid("core-knows-no-domain", "lib/core is below every domain.", { path: "^lib/core/" }, { path: "^lib/(?!core/)" }),
    forbid(
      "domain-privates",
      "From outside, a domain is its doors.",
      { path: "^(app|components|lib)/", pathNot: `^lib/(${any})/` },
      { path: `^lib/(${any})/`, pathNot: "^lib/[^/]+/(contract|queries|mutations|actions|jobs|stream|host)\\.ts$|^lib/runs/engine/|^lib/repositories/(source|provider)\\.ts$" },
    ),
    forbid(
      "domain-to-domain",
      "Between domains only contract, queries, mutations, the run engine's types, and the ways in of runs and notifications.",
      { path: `^lib/(${any})/` },
      {
        path: `^lib/(${any})/`,
        pathNot: [
          "^lib/$1/",
          "^lib/[^/]+/(contract|queries|mutations)\\.ts$",
          "^lib/runs/(enqueue|read|report|engine/types)\\.ts$",
          "^lib/notifications/notify\\.ts$",
          "^lib/environments/databases\\.ts$",
          "^lib/repositories/(source|provider|jobs)\\.ts$",
        ],
      },
    ),
    ...DOMAINS.map((domain, i) =>
      forbid(`order-${domain}`, "Only domains before it.", { path: `^lib/${domain}/` }, { path: `^lib/(${[...DOMAINS.slice(i + 1), "cli", "mcp", "worker"].join("|")})/` }),
    ),
    forbid("cli-is-a-client", "The CLI speaks HTTP; it shares only contracts.", { path: "^lib/cli/" }, { path: "^db/|^lib/(?!cli/|core/|[^/]+/contract\\.ts$)" }),
    forbid("one-home-recharts", "Charts live in components/charts.", { path: "^(app|components|lib)/", pathNot: "^components/charts/" }, { path: "node_modules/recharts/" }),
    forbid("one-home-octokit", "GitHub lives in lib/github.", { path: "^(app|components|lib)/", pathNot: "^lib/github/" }, { path: "node_modules/@octokit/" }),
    forbid(
      "one-home-next-auth",
      "The sign-in library lives in lib/core/auth and its route.",
      { path: "^(app|components|lib)/", pathNot: "^lib/core/auth|^app/api/auth/" },
      { path: "node_modules/next-auth/" },
    ),
    forbid(
      "adapters-know-no-domain",
      "lib/git, lib/github and lib/hosts know git and its hosts, not us.",
      { path: "^lib/(git|github|hosts)/" },
      { path: "^lib/(?!core/|git/|github/|hosts/)|^db/" },
    ),
    forbid("one-home-xyflow", "Graphs live in components/graph.", { path: "^(app|components|lib)/", pathNot: "^components/graph/" }, { path: "node_modules/@xyflow/" }),
    forbid(
      "one-home-codemirror",
      "Editors live in components/editor.",
      { path: "^(app|components|lib)/", pathNot: "^components/editor/" },
      { path: "node_modules/(@codemirror|codemirror)/" },
    ),
    forbid(
      "one-home-mcp",
      "The Model Context Protocol lives in lib/mcp.",
      { path: "^(app|components|lib)/", pathNot: "^lib/mcp/" },
      { path: "node_modules/@modelcontextprotocol/" },
    ),
    forbid("one-home-rjsf", "Generated forms live in components/form.", { path: "^(app|components|lib)/", pathNot: "^components/form/" }, { path: "node_modules/@rjsf/" }),
    { name: "no-cycles", comment: "A cycle has no bottom to start reading at.", severity: "error", from: {}, to: { circular: true } },
  ],
  options: { doNotFollow: { path: "node_modules" }, tsPreCompilationDeps: true, tsConfig: { fileName: "tsconfig.json" } },
};
