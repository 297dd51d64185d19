"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { FreshSignInNotice } from "@/components/admin/fresh-sign-in-notice";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm";
import { CopyButton } from "@/components/ui/copy-button";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { PageHead, SectionHead } from "@/components/ui/page-head";
import { Time } from "@/components/ui/time";
import { useSubmit } from "@/components/ui/use-submit";
import { removeConnection, revokeConnectionTokens, rotateConnectionToken } from "@/lib/identity/actions";
import type { ProvisioningConnectionDetail } from "@/lib/identity/contract";
import { ConnectionTest } from "./connection-test";
import { LastRequest } from "./connections-panel";
import { type MadeToken, NewToken } from "./new-token";
import { Problems } from "./problems";
import { TokenState } from "./token-state";
import { counted, GROUP_KEY_WORDS, RECOGNISE_WORDS } from "./words";

type Asking = "revoke" | "remove" | null;

/** One connection: what it pushed, whether requests arrive, what was refused, and its token. */
export function ConnectionView({ connection, since, now }: { connection: ProvisioningConnectionDetail; since: number | null; now: string }) {
  const [made, setMade] = useState<MadeToken | null>(null);
  const [asking, setAsking] = useState<Asking>(null);
  const [stale, setStale] = useState<string | null>(null);
  const { pending, errors, message, submit } = useSubmit();
  const router = useRouter();
  const { id, name, people, groups, unusedGroups, tokens } = connection;
  const rotate = () =>
    submit(
      () => rotateConnectionToken({ id }),
      (data) => {
        setMade(data);
        router.refresh();
      },
    );
  const confirmed = async () => {
    const result = asking === "remove" ? await removeConnection({ id }) : await revokeConnectionTokens({ id });
    const session = result.ok ? null : (result.error.fields.find((field) => field.path === "session")?.message ?? null);
    setStale(session);
    if (!result.ok && !session) return result.error.message;
    if (result.ok && asking === "remove") router.push("/admin/provisioning");
    router.refresh();
    return null;
  };
  const fresh = errors.session ?? stale;
  return (
    <>
      <PageHead
        title={name}
        meta={
          <>
            <span>Made {connection.createdBy ? `by ${connection.createdBy}` : "on the server"}</span>
            <span>
              <Time at={connection.createdAt} now={now} />
            </span>
            <Link className="link" href={`/admin/audit?actor=${encodeURIComponent(name)}`}>
              What it did
            </Link>
          </>
        }
      />
      <div className="stack-8">
        {made ? <NewToken {...made} /> : null}
        {tokens.length === 0 ? <Notice tone="warning">No token of this connection works: the provider is refused. Make a new one below.</Notice> : null}
        <dl className="facts">
          <dt className="self-center">Base URL</dt>
          <dd className="line">
            <code className="mono break-all">{connection.baseUrl}</code>
            <CopyButton text={connection.baseUrl} label="Copy base URL" />
          </dd>
          <dt>People</dt>
          <dd>
            {people.total}
            <span className="muted">
              , {people.active} active, {people.pending} not signed in yet
            </span>
          </dd>
          <dt>Groups</dt>
          <dd>
            {groups}
            <span className="muted">
              {groups ? ", which decide on teams and roles of its people in place of the groups claim" : "; teams and roles come from the groups claim at each sign-in"}
            </span>
          </dd>
          <dt>Last request</dt>
          <dd>
            <LastRequest connection={connection} now={now} />
            {connection.last ? (
              <span className="muted">
                {" "}
                <span className="mono">{connection.last.request}</span>
                {connection.last.agent ? `, ${connection.last.agent}` : ""}
              </span>
            ) : null}
          </dd>
          <dt>A person is</dt>
          <dd>who signs in when {RECOGNISE_WORDS[connection.recognise]}</dd>
          <dt>A group is</dt>
          <dd>known to the role rules by {GROUP_KEY_WORDS[connection.groupKey]}</dd>
        </dl>
        <ConnectionTest connection={connection} since={since} />
        {unusedGroups.length ? (
          <section>
            <SectionHead title="Groups that no role rule speaks of" aside={`${unusedGroups.length}`} />
            <p>
              {unusedGroups.join(", ")}.{" "}
              <Link className="link" href="/admin/role-rules">
                Role rules
              </Link>
            </p>
          </section>
        ) : null}
        <Problems problems={connection.problems} now={now} />
        <section>
          <SectionHead title="Token" />
          <div className="stack-4">
            {tokens.length ? (
              <ul className="list bare">
                {tokens.map((token) => (
                  <li key={token.prefix}>
                    <span className="mono">{token.prefix}…</span>
                    <span className="muted ml-auto">
                      <TokenState tokens={[token]} now={now} />
                    </span>
                  </li>
                ))}
              </ul>
            ) : null}
            {fresh ? <FreshSignInNotice message={fresh} returnTo={`/admin/provisioning/${id}`} /> : null}
            {message ? <Notice tone="danger">{message}</Notice> : null}
            <div className="line wrap">
              <Button pending={pending} onClick={rotate}>
                Make new token
              </Button>
              {tokens.length ? <Button onClick={() => setAsking("revoke")}>Revoke tokens</Button> : null}
              <Button variant="danger" onClick={() => setAsking("remove")}>
                Remove connection
              </Button>
            </div>
            <p className="muted">After a new token was made, the one before works for another 24 hours.</p>
          </div>
        </section>
      </div>
      <ConfirmDialog
        open={asking !== null}
        onOpenChange={(stays) => !stays && setAsking(null)}
        title={asking === "remove" ? `Remove ${name}?` : `Revoke all tokens of ${name}?`}
        confirmLabel={asking === "remove" ? "Remove connection" : "Revoke tokens"}
        onConfirm={confirmed}
      >
        <p>
          {asking === "remove"
            ? `${counted(people.total - people.pending, "person keeps", "people keep")} what they have, managed by hand from then on; who was deactivated stays out. ${counted(people.pending, "account", "accounts")} that nobody has signed in to ${people.pending === 1 ? "goes" : "go"}.`
            : "The provider is refused from its next request on, and nobody who leaves the company is taken out, until you make a new token and enter it there."}
        </p>
      </ConfirmDialog>
    </>
  );
}
