"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { TextDiff } from "@/components/ui/diff";
import { Notice } from "@/components/ui/notice";

interface Props {
  /** The file as the portal has it. */
  theirs: (path: string) => Promise<{ text: string | null }>;
  message: string;
  unsaved: () => { path: string; text: string }[];
  onKeepMine: () => Promise<unknown>;
  onTakeTheirs: () => Promise<unknown>;
}

interface Compared {
  path: string;
  theirs: string;
  mine: string;
}

/** Somebody else saved: both texts are there, and the person decides. */
export function ConflictNotice({ theirs: read, message, unsaved, onKeepMine, onTakeTheirs }: Props) {
  const [compared, setCompared] = useState<Compared[] | null>(null);
  const [pending, setPending] = useState(false);
  const doing = (work: () => Promise<unknown>) => async () => {
    setPending(true);
    await work().catch(() => undefined);
    setPending(false);
  };
  const compare = async () => {
    const texts = await Promise.all(unsaved().map(async ({ path, text }) => ({ path, mine: text, theirs: (await read(path).catch(() => null))?.text ?? "" })));
    setCompared(texts);
  };
  const actions = (
    <span className="line wrap">
      <Button size="sm" onClick={doing(compare)}>
        Compare
      </Button>
      <Button size="sm" pending={pending} onClick={doing(onKeepMine)}>
        Keep mine
      </Button>
      <Button size="sm" onClick={doing(onTakeTheirs)}>
        Take theirs
      </Button>
    </span>
  );
  return (
    <div className="pe-notice">
      <Notice tone="warning" action={actions}>
        {message} Nothing you typed is lost.
      </Notice>
      {compared?.map(({ path, theirs, mine }) => (
        <section key={path} className="stack">
          <h3 className="mono">{path}: theirs, and what yours changes</h3>
          <TextDiff label={`${path}: theirs against mine`} before={theirs} after={mine} />
        </section>
      ))}
    </div>
  );
}
