import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SignInPanel } from "@/components/account/sign-in-panel";
import { Mark } from "@/components/layout/mark";
import { CodeBlock } from "@/components/ui/copy-button";
import { Notice } from "@/components/ui/notice";
import { safeReturnPath } from "@/lib/core/auth/return-path";
import { env } from "@/lib/core/env";
import { pick } from "@/lib/core/search-params";
import { signedInCtx } from "@/lib/core/session-ctx";
import { SIGN_IN_PROBLEMS, type SignInProblem } from "@/lib/identity/contract";
import { demoGuides, describeInstallation } from "@/lib/identity/queries";

export const metadata: Metadata = { title: "Sign in" };

const PROBLEMS: Record<SignInProblem, string> = {
  provider: "The identity provider does not answer. Try again in a moment; if it stays so, tell the platform team.",
  disabled: "This account is disabled. Ask a platform admin to let you in again.",
  busy: "Too many sign-ins from your network. Wait a minute and try again.",
  denied: "The identity provider did not let you in. You may lack access to Waymark there: ask whoever manages accounts.",
  failed: "The sign-in was not finished, or its answer did not verify. Try again.",
};

export default async function SignInPage({ searchParams }: { searchParams: Promise<Record<string, string | undefined>> }) {
  const params = await searchParams;
  const { url, demo } = env();
  const returnTo = safeReturnPath(params.return ?? params.callbackUrl, url);
  const again = params.again === "1";
  if (!params.error && !again && (await signedInCtx())) redirect(returnTo);
  const problem = params.error ? PROBLEMS[pick(params.error, SIGN_IN_PROBLEMS) ?? "failed"] : null;
  const facts = await describeInstallation();
  return (
    <main className="signin">
      <div className="signin-main">
        <div className="signin-col">
          <div className="-ml-[7px]">
            <Mark size={40} />
          </div>
          <h1 className="mt-6">Sign in to Waymark</h1>
          <p className="muted mb-6 mt-1">
            {demo ? `${facts.organisation} demo company. Pick a person, no password needed.` : `${facts.organisation}. You are sent to your company's sign-in.`}
          </p>
          {problem || again || params["signed-out"] ? (
            <div className="mb-4">
              <Notice tone={problem ? "danger" : "info"}>
                {problem ?? (again ? "What you are about to do needs a fresh sign-in." : "You are signed out.")}
                {problem && params.reference ? <span className="caption block">Reference {params.reference.slice(0, 60)}</span> : null}
              </Notice>
            </div>
          ) : null}
          <SignInPanel people={demo ? demoGuides() : []} returnTo={returnTo} again={again} />
          {demo ? (
            <p className="caption mt-4">
              Demo sign-in is on because no identity provider is configured: anybody who reaches this page can be anybody. Set <span className="mono">OIDC_ISSUER</span> to sign in
              with your own.
            </p>
          ) : null}
        </div>
      </div>
      <aside className="signin-side" aria-label="About this installation">
        <div className="max-w-[400px]">
          <h2>This installation</h2>
          <dl className="facts mt-3">
            {facts.lines.map(({ name, value }) => (
              <div key={name} className="contents">
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          <h2 className="mb-2 mt-8">Or stay in the terminal</h2>
          <CodeBlock code={"npx create-sandbox \\\n    --template node-express --ttl 48h"} />
          <p className="caption mt-2">Signs you in through the browser once, then prints the address.</p>
        </div>
      </aside>
    </main>
  );
}
