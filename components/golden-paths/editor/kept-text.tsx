"use client";

import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Time } from "@/components/ui/time";
import type { DraftStore } from "./draft-store";
import { type LeftText, TypedCopy, type TypedText } from "./typed-copy";

const now = () => new Date(performance.timeOrigin + performance.now()).toISOString();

/** Keeps in this browser what is typed and not saved yet; on return offers what a closed tab left. */
export function KeptText({ store }: { store: DraftStore }) {
  const { left, settle } = useTypedCopy(store);
  if (!left) return null;
  const putBack = () => {
    for (const { path, text } of left.texts) store.edit(path, text);
    settle();
  };
  const actions = (
    <span className="line wrap">
      <Button size="sm" onClick={putBack}>
        Put it back
      </Button>
      <Button size="sm" onClick={settle}>
        Discard it
      </Button>
    </span>
  );
  const isNewer = store.read().draft.revision > left.revision;
  return (
    <div className="pe-notice">
      <Notice tone="warning" action={actions}>
        What you typed in {left.texts.map(({ path }) => path).join(", ")} <Time at={left.at} /> was not saved before the page was closed.
        {isNewer ? " The draft was saved again since: what you put back replaces the text that is there now." : ""}
      </Notice>
    </div>
  );
}

function useTypedCopy(store: DraftStore) {
  const [left, setLeft] = useState<LeftText | null>(null);
  /** What was found and neither put back nor discarded: it stays kept beside what is typed now. */
  const open = useRef<TypedText[]>([]);
  const keepRef = useRef<() => void>(() => undefined);
  useEffect(() => {
    const copy = new TypedCopy(`waymark.typed.${window.location.pathname}`, window.localStorage);
    const keep = () => {
      const typed = store.unsaved();
      const rest = open.current.filter(({ path }) => !typed.some((one) => one.path === path));
      copy.keep({ at: now(), revision: store.read().draft.revision, texts: [...rest, ...typed] });
    };
    keepRef.current = keep;
    const found = copy.read();
    open.current = found?.texts ?? [];
    let isHere = true;
    if (found) {
      void differing(store, found.texts).then((texts) => {
        if (!isHere) return;
        open.current = texts;
        if (texts.length) setLeft({ ...found, texts });
        else keep();
      });
    }
    const stop = store.subscribe(keep);
    const save = () => {
      if (store.unsaved().length && store.read().save.at !== "conflict") void store.flush();
    };
    const onHidden = () => (document.visibilityState === "hidden" ? save() : undefined);
    document.addEventListener("visibilitychange", onHidden);
    window.addEventListener("pagehide", save);
    return () => {
      isHere = false;
      stop();
      document.removeEventListener("visibilitychange", onHidden);
      window.removeEventListener("pagehide", save);
    };
  }, [store]);
  const settle = () => {
    open.current = [];
    setLeft(null);
    keepRef.current();
  };
  return { left, settle };
}

/** Those that say something else than the draft does now; of files that are gone, none. */
async function differing(store: DraftStore, texts: TypedText[]): Promise<TypedText[]> {
  const there = texts.filter(({ path }) => store.read().draft.files.some((file) => file.path === path));
  await Promise.all(there.map(({ path }) => store.open(path).catch(() => undefined)));
  return there.filter(({ path, text }) => {
    const known = store.read().texts.get(path);
    return known !== undefined && known.text !== text;
  });
}
