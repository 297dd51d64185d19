import type { Metadata } from "next";
import { RemoveDemo } from "@/components/admin/remove-demo";
import { SettingsForm } from "@/components/admin/settings-form";
import { StorageSection } from "@/components/admin/storage-section";
import { Page } from "@/components/layout/page";
import { PageHead, SectionHead } from "@/components/ui/page-head";
import { Status } from "@/components/ui/status";
import { orNotFound } from "@/lib/core/page";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { describeDrivers, hasDemoData, readStorage } from "@/lib/environments/queries";
import { getSettings } from "@/lib/platform/queries";

export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage() {
  const ctx = await requireSignedIn();
  const settings = await orNotFound(getSettings(ctx, {}));
  const [drivers, storage, demo] = await Promise.all([describeDrivers(ctx, {}), readStorage(ctx, {}), hasDemoData(ctx, {})]);
  return (
    <Page crumbs={[{ label: "Settings" }]}>
      <PageHead title="Settings" sub="What holds for everybody. Every change is in the audit log." />
      <div className="stack-8">
        <SettingsForm settings={settings} />
        <section className="form">
          <SectionHead title="Environment drivers" />
          <ul className="list bare">
            {drivers.items.map((driver) => (
              <li key={driver.name}>
                <div className="grow">
                  <span className="strong">{driver.title}</span>
                  <div className="muted">{driver.missing ?? driver.summary}</div>
                  {driver.isolation.gaps.map((gap) => (
                    <div key={gap} className="caption">
                      {gap}
                    </div>
                  ))}
                </div>
                <Status value={driver.missing ? "failed" : "ready"} />
              </li>
            ))}
          </ul>
        </section>
        <StorageSection items={storage.items} keepDays={settings["environments.keepBuildsDays"]} />
        {demo ? (
          <section className="form">
            <SectionHead title="Demo company" />
            <p className="muted mb-2">
              History that came with the first start: past environments and their runs. The demo people stay while demo sign-in is on; set OIDC_ISSUER or WAYMARK_DEMO=0 to end
              that.
            </p>
            <RemoveDemo />
          </section>
        ) : null}
      </div>
    </Page>
  );
}
