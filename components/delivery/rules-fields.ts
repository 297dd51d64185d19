import { type Rules, TIERS } from "@/lib/metrics/contract";

// The rules as people type them: one entry a line, pairs with an equals sign.

interface RuleField {
  label: string;
  help: string;
  read: (rules: Rules) => string;
  write: (rules: Rules, text: string) => Rules;
}

const lines = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
const pairs = (text: string): [string, string][] =>
  lines(text).map((line) => {
    const at = line.lastIndexOf("=");
    return at < 0 ? [line, ""] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  });
const list = (name: "reworkFlags" | "reworkSubjects" | "bots" | "alertSeverities" | "incidentLabels", label: string, help: string): RuleField => ({
  label,
  help,
  read: (rules) => rules[name].join("\n"),
  write: (rules, text) => ({ ...rules, [name]: lines(text) }),
});

export const RULE_FIELDS: Record<string, RuleField> = {
  tiers: {
    label: "Tiers of environments",
    help: "environment = tier, in order; for deployments that come without a tier from now on. What fits none gets the tier that its name says.",
    read: ({ tiers }) => tiers.map(({ environment, tier }) => `${environment} = ${tier}`).join("\n"),
    write: (rules, text) => ({ ...rules, tiers: pairs(text).map(([environment, word]) => ({ environment, tier: TIERS.find((one) => one === word) ?? (word as "production") })) }),
  },
  workflows: {
    label: "Deploying workflows at GitHub",
    help: "workflow = environment; runs of these are deployments.",
    read: ({ workflows }) => workflows.map(({ workflow, environment }) => `${workflow} = ${environment}`).join("\n"),
    write: (rules, text) => ({ ...rules, workflows: pairs(text).map(([workflow, environment]) => ({ workflow, environment })) }),
  },
  paths: {
    label: "Folders of services in shared repositories",
    help: "service = folder, folder; a commit belongs to the service when it touches one of them.",
    read: ({ paths }) =>
      Object.entries(paths)
        .map(([service, globs]) => `${service} = ${globs.join(", ")}`)
        .join("\n"),
    write: (rules, text) => ({
      ...rules,
      paths: Object.fromEntries(
        pairs(text).map(([service, globs]) => [
          service,
          globs
            .split(",")
            .map((glob) => glob.trim())
            .filter(Boolean),
        ]),
      ),
    }),
  },
  aiSignals: {
    label: "AI signals",
    help: "author or line, authored or assisted, pattern = tool. A line is any line of the commit's message; * stands for anything. For commits that arrive from now on; Load history reads others again.",
    read: ({ aiSignals }) => aiSignals.map((one) => `${one.field} ${one.class} ${one.pattern} = ${one.tool}`).join("\n"),
    write: (rules, text) => ({
      ...rules,
      aiSignals: pairs(text).map(([signal, tool]) => {
        const [field = "", of = "", ...pattern] = signal.split(/\s+/);
        return { field: field as "line", class: of as "authored", pattern: pattern.join(" "), tool };
      }),
    }),
  },
  bots: list("bots", "Bots", "Authors that are programs, one a line; * stands for anything."),
  reworkFlags: list("reworkFlags", "Flags that mean rework", "Flags of a deployment, one a line."),
  reworkSubjects: list("reworkSubjects", "Commits that mean rework", "First lines of the deployed commit, for example fix!: * or Revert *."),
  alertSeverities: list("alertSeverities", "Alerts that are incidents", "Values of the label severity."),
  incidentLabels: list("incidentLabels", "Issues that are incidents", "Labels of issues at GitHub."),
};
