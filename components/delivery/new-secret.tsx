import { CopyButton } from "@/components/ui/copy-button";
import { Notice } from "@/components/ui/notice";

/** A source's secret, the one time it is shown, with where to enter it. */
export function NewSecret({ name, address, secret }: { name: string; address: string; secret: string }) {
  return (
    <Notice tone="info">
      <span className="block">
        Secret of <strong>{name}</strong>. Enter it at the sender now: it is not shown again.
      </span>
      <span className="line mt-2">
        <span className="muted">Secret</span>
        <code className="mono break-all" data-testid="new-secret">
          {secret}
        </code>
        <CopyButton text={secret} label="Copy secret" />
      </span>
      <span className="line mt-1">
        <span className="muted">Address</span>
        <code className="mono break-all">{address}</code>
        <CopyButton text={address} label="Copy address" />
      </span>
      <span className="block mt-1 muted">
        GitHub, PagerDuty and Grafana sign with the secret; Alertmanager and Argo CD send it as a bearer token. Content type application/json.
      </span>
    </Notice>
  );
}
