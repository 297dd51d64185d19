import { LinkButton } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import type { Dashboard } from "@/lib/metrics/contract";
import { addressWith, type DeliveryAddress } from "./address";

/** Says when the figures are the demo company's, and leads to the other kind. The two are never added up. */
export function DataSwitch({ dashboard, address }: { dashboard: Dashboard; address: DeliveryAddress }) {
  const { data, hasDemo } = dashboard;
  const href = addressWith(address, { data: data === "demo" ? "live" : "demo", at: undefined });
  if (data === "demo") {
    return (
      <div className="mb-4">
        <Notice
          tone="info"
          action={
            <LinkButton size="sm" href={href}>
              Show live data
            </LinkButton>
          }
        >
          Demo history: made up for the demo company, never mixed with live figures.
        </Notice>
      </div>
    );
  }
  if (!hasDemo) return null;
  return (
    <p className="caption mb-4">
      Live data only.{" "}
      <Link className="link" href={href}>
        Show the demo history
      </Link>
    </p>
  );
}
