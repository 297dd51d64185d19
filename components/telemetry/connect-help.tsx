import { LinkButton } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { SectionHead } from "@/components/ui/page-head";

interface Props {
  /** Address of the portal. */
  portalUrl: string;
  service: string;
}

function Lines({ text, label }: { text: string; label: string }) {
  return (
    <div className="code">
      <code>{text}</code>
      <CopyButton text={text} label={label} />
    </div>
  );
}

/** How any OpenTelemetry SDK or Collector sends to Waymark. */
export function ConnectHelp({ portalUrl, service }: Props) {
  const sdk = [
    `OTEL_EXPORTER_OTLP_ENDPOINT=${portalUrl}/otlp`,
    "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
    'OTEL_EXPORTER_OTLP_HEADERS="Authorization=Bearer%20<token>"',
    `OTEL_SERVICE_NAME=${service}`,
    "OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=production",
  ].join("\n");
  const collector = `exporters:\n  otlphttp/waymark:\n    endpoint: ${portalUrl}/otlp\n    headers:\n      Authorization: Bearer \${env:WAYMARK_TOKEN}`;
  return (
    <section className="stack-4">
      <SectionHead title="Send from elsewhere" aside="OTLP over HTTP, JSON or protobuf" />
      <p className="muted">
        Environments that run here send by themselves. A service that runs elsewhere sends with these variables of its OpenTelemetry SDK, and with a token that has the scope{" "}
        <span className="mono">events:write</span>. Its name has to be the component&apos;s.
      </p>
      <Lines text={sdk} label="Copy variables" />
      <p className="muted">Or from a Collector:</p>
      <Lines text={collector} label="Copy exporter" />
      <div className="line">
        <LinkButton href="/account?tab=tokens" size="sm">
          Create a token
        </LinkButton>
      </div>
    </section>
  );
}
