import type { WidgetProps } from "@rjsf/utils";
import { inputProps, TextWidget } from "./widgets";

interface RepoUrl {
  host: string;
  /** `organisation/project` at Azure DevOps, `workspace/PROJECT` at Bitbucket. */
  owner: string;
  repo: string;
}

/** Reads `host?owner=o&repo=r`; what is missing is empty. */
export function readRepoUrl(value: unknown, host: string): RepoUrl {
  const text = typeof value === "string" ? value : "";
  const at = text.indexOf("?");
  const query = new URLSearchParams(at < 0 ? "" : text.slice(at + 1));
  const above = query.get("organization") ?? query.get("workspace");
  const owner = above === null ? (query.get("owner") ?? "") : [above, query.get("project")].filter((part) => part !== null).join("/");
  return { host: at > 0 ? text.slice(0, at) : host, owner, repo: query.get("repo") ?? "" };
}

/** Nothing while both are empty, so that a required field says so. */
export function writeRepoUrl({ host, owner, repo }: RepoUrl, provider = "github"): string | undefined {
  if (!owner && !repo) return undefined;
  return `${host}?${new URLSearchParams({ ...(owner ? ownerParts(owner, provider) : {}), ...(repo ? { repo } : {}) })}`;
}

/** As Backstage's picker names the parts of an owner at each host. */
function ownerParts(owner: string, provider: string): Record<string, string> {
  const [first = "", ...rest] = owner.split("/");
  const project: Record<string, string> = rest.length > 0 ? { project: rest.join("/") } : {};
  if (provider === "azure") return { organization: first, ...project };
  return provider === "bitbucket" ? { workspace: first, ...project } : { owner };
}

const OWNER_HINTS: Record<string, string> = { azure: "organisation/project", bitbucket: "workspace/PROJECT", gitlab: "group" };
const PUBLIC_HOSTS: Record<string, string> = { "dev.azure.com": "azure", "bitbucket.org": "bitbucket", "gitlab.com": "gitlab" };

const listOf = (value: unknown) => (Array.isArray(value) ? value.filter((one) => typeof one === "string") : []);
const ownersOf = ({ options, registry }: WidgetProps): string[] => {
  const allowed = listOf(options.allowedOwners);
  const offered = (registry.formContext as { pickers?: { repositoryOwners?: string[] } } | undefined)?.pickers?.repositoryOwners ?? [];
  return allowed.length > 0 ? allowed : offered;
};

/** Owner and name of a repository; the value is the address that templates take apart. */
export function RepoUrlWidget(props: WidgetProps) {
  const { id, value, onChange, options, disabled } = props;
  const connected = (props.registry.formContext as { pickers?: { repositoryHosts?: { host: string; provider: string }[] } } | undefined)?.pickers?.repositoryHosts ?? [];
  const allowed = listOf(options.allowedHosts);
  const hosts = allowed.length > 0 ? allowed : connected.length > 0 ? connected.map(({ host }) => host) : ["github.com"];
  const now = readRepoUrl(value, hosts[0] ?? "github.com");
  const providerOf = (host: string) => connected.find((one) => one.host === host)?.provider ?? PUBLIC_HOSTS[host] ?? "github";
  const change = (part: Partial<RepoUrl>) => {
    const next = { ...now, ...part };
    onChange(writeRepoUrl(next, providerOf(next.host)));
  };
  const shared = { className: "input", disabled, autoComplete: "off", spellCheck: false };
  return (
    <div className="stack">
      {hosts.length > 1 ? (
        <select aria-label="Host" className="input" value={now.host} onChange={(event) => change({ host: event.target.value })}>
          {hosts.map((host) => (
            <option key={host}>{host}</option>
          ))}
        </select>
      ) : null}
      <div className="line">
        <input
          {...inputProps(props)}
          {...shared}
          aria-label="Owner of the repository"
          placeholder={OWNER_HINTS[providerOf(now.host)] ?? "owner"}
          list={`${id}-owners`}
          value={now.owner}
          onChange={(event) => change({ owner: event.target.value.trim() })}
        />
        <span className="muted" aria-hidden>
          /
        </span>
        <input {...shared} aria-label="Name of the repository" placeholder="repository" value={now.repo} onChange={(event) => change({ repo: event.target.value.trim() })} />
      </div>
      <datalist id={`${id}-owners`}>
        {ownersOf(props).map((owner) => (
          <option key={owner} value={owner} />
        ))}
      </datalist>
    </div>
  );
}

export function RepoOwnerWidget(props: WidgetProps) {
  const { id, value, onChange, options } = props;
  return (
    <>
      <input
        {...inputProps(props)}
        className="input"
        list={`${id}-owners`}
        value={value ?? ""}
        placeholder="owner"
        onChange={(event) => onChange(event.target.value || options.emptyValue)}
        autoComplete="off"
        spellCheck={false}
      />
      <datalist id={`${id}-owners`}>
        {ownersOf(props).map((owner) => (
          <option key={owner} value={owner} />
        ))}
      </datalist>
    </>
  );
}

export function RepoBranchWidget(props: WidgetProps) {
  return <TextWidget {...props} placeholder={props.placeholder || "main"} />;
}
