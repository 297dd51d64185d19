"use client";

import { Eye } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { revealCredentials } from "@/lib/environments/actions";

/** Secrets of the environment, shown after asking; each reading is recorded. */
export function Credentials({ id, mayReveal }: { id: string; mayReveal: boolean }) {
  const [shown, setShown] = useState<{ name: string; value: string }[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [pending, setPending] = useState(false);
  const reveal = async () => {
    setPending(true);
    const result = await revealCredentials({ id });
    setPending(false);
    if (result.ok) setShown(result.data.credentials);
    else setProblem(result.error.message);
  };
  if (!mayReveal) return <p className="caption">Only members of the team can read the credentials.</p>;
  return (
    <>
      {shown ? (
        <dl className="facts narrow items-center">
          {shown.map(({ name, value }) => (
            <div key={name} className="contents">
              <dt className="mono">{name}</dt>
              <dd className="line">
                <span className="mono truncate" title={value}>
                  {value}
                </span>
                <CopyButton text={value} label={`Copy ${name}`} />
              </dd>
            </div>
          ))}
          {shown.length === 0 ? <dd className="muted">There are no credentials yet.</dd> : null}
        </dl>
      ) : (
        <div className="line">
          <span className="muted">Database address and password</span>
          <span className="mono">••••••••</span>
          <Button size="sm" pending={pending} onClick={reveal}>
            <Eye className="i" aria-hidden />
            Reveal
          </Button>
        </div>
      )}
      {problem ? <p className="t-danger">{problem}</p> : <p className="caption">Revealing is recorded in the audit log with your name.</p>}
    </>
  );
}
