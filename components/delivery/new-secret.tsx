import { Notice } from "@/components/ui/notice";
import { ValueToCopy } from "@/components/ui/value-to-copy";

/** A source's secret, the one time it is shown, with where to enter it. */
export function NewSecret({ name, address, secret }: { name: string; address: string; secret: string }) {
  return (
    <Notice tone="info">
      <span className="block">
        Secret of <strong>{name}</strong>. Enter it at the sender now: it is not shown again.
      </span>
      <ValueToCopy name="Secret" value={secret} testId="new-secret" />
      <ValueToCopy name="Address" value={address} />
      <span className="block mt-1 muted">
        GitHub, PagerDuty and Grafana sign with the secret; Alertmanager and Argo CD send it as a bearer token. Content type application/json.
      </span>
    </Notice>
  );
}
