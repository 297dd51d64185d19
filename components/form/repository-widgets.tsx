import type { WidgetProps } from "@rjsf/utils";
import { inputProps, TextWidget } from "./widgets";

interface RepoUrl {
  host: string;
  owner: string;
  repo: string;
}

/** Reads `host?owner=o&repo=r`; what is missing is empty. */
export function readRepoUrl(value: unknown, host: string): RepoUrl {
  const text = typeof value === "string" ? value : "";
  const at = text.indexOf("?");
  const query = new URLSearchParams(at < 0 ? "" : text.slice(at + 1));
  return { host: at > 0 ? text.slice(0, at) : host, owner: query.get("owner") ?? "", repo: query.get("repo") ?? "" };
}

/** Nothing while both are empty, so that a required field says so. */
export function writeRepoUrl({ host, owner, repo }: RepoUrl): string | undefined {
  if (!owner && !repo) return undefined;
  return `${host}?${new URLSearchParams({ ...(owner ? { owner } : {}), ...(repo ? { repo } : {}) })}`;
}

const listOf = (value: unknown) => (Array.isArray(value) ? value.filter((one) => typeof one === "string") : []);
const ownersOf = ({ options, registry }: WidgetProps): string[] => {
  const allowed = listOf(options.allowedOwners);
  const offered = (registry.formContext as { pickers?: { repositoryOwners?: string[] } } | undefined)?.pickers?.repositoryOwners ?? [];
  return allowed.length > 0 ? allowed : offered;
};

/** Owner and name of a repository; the value is the address that templates take apart. */
export function RepoUrlWidget(props: WidgetProps) {
  const { id, value, onChange, options, disabled } = props;
  const now = readRepoUrl(value, listOf(options.allowedHosts)[0] ?? "github.com");
  const change = (part: Partial<RepoUrl>) => onChange(writeRepoUrl({ ...now, ...part }));
  const hosts = listOf(options.allowedHosts);
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
          placeholder="owner"
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
