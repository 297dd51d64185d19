"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm";
import { Empty } from "@/components/ui/empty";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { revokeToken } from "@/lib/identity/actions";
import type { ApiToken } from "@/lib/identity/contract";

const KINDS: Record<string, string> = { pat: "Personal", cli: "Command line", svc: "Service", scim: "Provisioning", mcp: "Agent" };

export function TokensTable({ tokens, now, whose }: { tokens: ApiToken[]; now: string; whose: string }) {
  const [ending, setEnding] = useState<ApiToken | null>(null);
  const router = useRouter();
  const revoke = async () => {
    if (!ending) return null;
    const result = await revokeToken({ id: ending.id });
    if (!result.ok) return result.error.message;
    router.refresh();
    return null;
  };
  const rows = tokens.map((token) => ({
    key: token.id,
    cells: {
      name: (
        <span className="stack">
          <span className="name truncate block max-w-[240px]" title={token.name}>
            {token.name}
          </span>
          <span className="caption">
            {KINDS[token.kind] ?? token.kind}, <span className="mono">{token.prefix}…</span>
          </span>
        </span>
      ),
      scopes: <span className="mono">{token.scopes.join(", ")}</span>,
      used: token.lastClient ? (
        <span className="stack">
          <span className="truncate block max-w-[160px]" title={`${token.lastClient.name} ${token.lastClient.version}`.trim()}>
            {token.lastClient.name}
          </span>
          <Time at={token.lastClient.at} now={now} />
        </span>
      ) : (
        (token.lastUsedOn ?? <span className="muted">Never</span>)
      ),
      ends: <Time at={token.expiresAt} now={now} />,
      action: (
        <Button size="sm" onClick={() => setEnding(token)} aria-label={`Revoke the token ${token.name}`}>
          Revoke
        </Button>
      ),
    },
  }));
  const columns = [
    { key: "name", title: "Token" },
    { key: "scopes", title: "Scopes", className: "desk-cell" },
    { key: "used", title: "Last used", align: "end" as const, className: "desk-cell" },
    { key: "ends", title: "Ends", align: "end" as const },
    { key: "action", title: <span className="sr">Revoke</span>, align: "end" as const, className: "col-span-full" },
  ];
  const empty = <Empty title="No tokens">Scripts and the command line use one instead of a browser. `waymark login` makes its own.</Empty>;
  return (
    <>
      <Table caption={`Tokens of ${whose}`} columns={columns} rows={rows} empty={empty} />
      <ConfirmDialog
        open={ending !== null}
        onOpenChange={(open) => !open && setEnding(null)}
        title={`Revoke ${ending?.name ?? "the token"}?`}
        confirmLabel="Revoke token"
        onConfirm={revoke}
      >
        <p>Whatever uses it is refused from now on. It cannot be brought back; a new one can be made.</p>
      </ConfirmDialog>
    </>
  );
}
