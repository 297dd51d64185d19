"use client";

import { useEffect, useRef, useState } from "react";
import type { LogLine, Run } from "@/lib/runs/contract";

export type StreamState = "live" | "polling" | "ended";

const POLL_MS = 2_000;

async function json<T>(address: string): Promise<T> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()) as T;
}

/** Follows a run by server-sent events with resume; reads it every two seconds while the stream is cut. */
export function useRunStream(first: Run, firstLines: LogLine[]) {
  const [run, setRun] = useState(first);
  const [lines, setLines] = useState(firstLines);
  const [state, setState] = useState<StreamState>(first.finishedAt ? "ended" : "live");
  const lastSeq = useRef(firstLines.at(-1)?.seq ?? 0);
  // A retry takes an ended run back to the queue: the stream has to be opened again.
  const key = `${first.id}:${first.attempt}:${first.finishedAt === null}`;

  useEffect(() => {
    setRun(first);
    if (first.finishedAt && lastSeq.current >= first.logLines) {
      setState("ended");
      return;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const add = (fresh: LogLine[]) => {
      const news = fresh.filter((line) => line.seq > lastSeq.current);
      const last = news.at(-1);
      if (!last) return;
      lastSeq.current = last.seq;
      setLines((known) => [...known, ...news]);
    };
    const source = new EventSource(`/api/v1/runs/${first.id}/events?after=${lastSeq.current}`);
    const end = () => {
      over = true;
      source.close();
      clearTimeout(timer);
      setState("ended");
    };
    const poll = async () => {
      if (over) return;
      try {
        const [fresh, page] = await Promise.all([json<Run>(`/api/v1/runs/${first.id}`), json<{ items: LogLine[] }>(`/api/v1/runs/${first.id}/logs?after=${lastSeq.current}`)]);
        setRun(fresh);
        add(page.items);
        if (fresh.finishedAt && page.items.length === 0) return end();
      } catch {
        // The next turn asks again; the page says that it is reading, not living.
      }
      timer = setTimeout(poll, POLL_MS);
    };
    source.addEventListener("open", () => {
      clearTimeout(timer);
      setState("live");
    });
    source.addEventListener("log", (event) => add([JSON.parse(event.data) as LogLine]));
    source.addEventListener("run", (event) => setRun(JSON.parse(event.data) as Run));
    source.addEventListener("end", end);
    source.addEventListener("error", () => {
      if (over) return;
      setState("polling");
      clearTimeout(timer);
      timer = setTimeout(poll, POLL_MS);
    });
    return () => {
      over = true;
      source.close();
      clearTimeout(timer);
    };
    // The key names all that a new stream depends on
  }, [key]);

  return { run, lines, state };
}
