import type { Metadata } from "next";
import { CreateToken } from "@/components/account/create-token";
import { Profile } from "@/components/account/profile";
import { SessionsList } from "@/components/account/sessions-list";
import { TokensTable } from "@/components/account/tokens-table";
import { ConnectAgent } from "@/components/agents/connect-agent";
import { Page } from "@/components/layout/page";
import { PageHead, SectionHead } from "@/components/ui/page-head";
import { Tabs } from "@/components/ui/tabs";
import { pick } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { getAccount, listSessions, listTokens } from "@/lib/identity/queries";
import { readAgentDoor } from "@/lib/platform/queries";

export const metadata: Metadata = { title: "Account" };

const TABS = ["profile", "tokens", "sessions"] as const;
const TAB_WORDS = { profile: "Profile", tokens: "Tokens", sessions: "Sessions" };

export default async function AccountPage({ searchParams }: { searchParams: Promise<Record<string, string | undefined>> }) {
  const ctx = await requireSignedIn();
  const tab = pick((await searchParams).tab, TABS) ?? "profile";
  const [account, tokens, sessions, agents] = await Promise.all([getAccount(ctx, {}), listTokens(ctx, {}), listSessions(ctx, {}), readAgentDoor(ctx, {})]);
  const now = ctx.now.toISOString();
  const counts = { profile: undefined, tokens: tokens.total, sessions: sessions.total };
  return (
    <Page crumbs={[{ label: "Account" }]}>
      <PageHead title={account.name} sub={account.email ?? undefined} />
      <Tabs
        label="Account"
        tabs={TABS.map((one) => ({ label: TAB_WORDS[one], href: one === "profile" ? "/account" : `/account?tab=${one}`, current: one === tab, count: counts[one] }))}
      />
      <h2 className="sr">{TAB_WORDS[tab]}</h2>
      {tab === "profile" ? <Profile account={account} now={now} /> : null}
      {tab === "tokens" ? (
        <div className="stack-8">
          <TokensTable tokens={tokens.items} now={now} whose={account.name} />
          <section id="agents">
            <SectionHead title="Connect an agent" />
            <ConnectAgent url={agents.url} isOn={agents.isOn} />
          </section>
          <section>
            <SectionHead title="Create token" />
            <CreateToken isAdmin={account.role === "platform-admin"} />
          </section>
        </div>
      ) : null}
      {tab === "sessions" ? <SessionsList sessions={sessions.items} now={now} whose={account.name} /> : null}
    </Page>
  );
}
