"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { useAct } from "@/components/ui/use-act";
import { endOwnSession } from "@/lib/identity/actions";
import type { SessionView } from "@/lib/identity/contract";
import { browserName } from "./browser-name";

/** Where somebody is signed in, with a way to end each. */
export function SessionsList({ sessions, now, whose }: { sessions: SessionView[]; now: string; whose: string }) {
  const [ending, setEnding] = useState<string | null>(null);
  const { act } = useAct();
  const end = async (id: string) => {
    setEnding(id);
    await act(() => endOwnSession({ id }), "The session is ended. It is gone everywhere within five seconds.");
    setEnding(null);
  };
  const rows = sessions.map((session) => ({
    key: session.id,
    cells: {
      browser: (
        <span className="line">
          <span className="name truncate block" title={session.userAgent ?? undefined}>
            {browserName(session.userAgent)}
          </span>
          {session.current ? <span className="badge">This one</span> : null}
        </span>
      ),
      network: <span className="mono">{session.ipPrefix ?? "Unknown"}</span>,
      begun: <Time at={session.createdAt} now={now} />,
      seen: <Time at={session.lastSeenAt} now={now} />,
      ends: <Time at={session.expiresAt} now={now} />,
      action: session.current ? (
        <span className="sr">The session that you use now</span>
      ) : (
        <Button size="sm" pending={ending === session.id} onClick={() => end(session.id)} aria-label={`End session of ${browserName(session.userAgent)}`}>
          End session
        </Button>
      ),
    },
  }));
  const columns = [
    { key: "browser", title: "Browser" },
    { key: "network", title: "Network", className: "desk-cell" },
    { key: "begun", title: "Signed in", align: "end" as const, className: "desk-cell" },
    { key: "seen", title: "Last seen", align: "end" as const },
    { key: "ends", title: "Ends", align: "end" as const, className: "desk-cell" },
    { key: "action", title: <span className="sr">End</span>, align: "end" as const, className: "col-span-full" },
  ];
  const empty = <Empty title="No open session">Sessions end 12 hours after the sign-in, or after an hour without use.</Empty>;
  return <Table caption={`Sessions of ${whose}`} columns={columns} rows={rows} empty={empty} />;
}
