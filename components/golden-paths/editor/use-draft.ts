"use client";

import { useEffect, useState, useSyncExternalStore } from "react";
import type { FileText, GoldenPathDraft } from "@/lib/golden-paths/contract";
import { type DraftServer, DraftStore } from "./draft-store";

/** The draft that this page edits; leaving with unsaved text is asked about. */
export function useDraft(draft: GoldenPathDraft, opened: FileText[], server: DraftServer) {
  const [store] = useState(() => new DraftStore(draft, opened, server));
  const snapshot = useSyncExternalStore(store.subscribe, store.read, store.read);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (store.unsaved().length > 0) event.preventDefault();
    };
    const leave = () => void store.flush();
    window.addEventListener("beforeunload", ask);
    return () => {
      window.removeEventListener("beforeunload", ask);
      leave();
    };
  }, [store]);
  return { store, snapshot };
}
