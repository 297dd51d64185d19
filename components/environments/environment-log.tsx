"use client";

import { useEffect, useState } from "react";
import { LogViewer, type ViewerLine } from "@/components/runs/log-viewer";

interface RawLine {
  offset: number;
  at: string | null;
  text: string;
}

function levelOf(text: string): ViewerLine["level"] {
  if (/"level":"(error|fatal)"|^Error|^\s+at |\bERR!/.test(text)) return "error";
  return /"level":"warn"/.test(text) ? "warn" : "info";
}

const present = (lines: RawLine[], from: number): ViewerLine[] =>
  lines.map((line, index) => ({ seq: from + index + 1, at: line.at, step: null, level: levelOf(line.text), text: line.text }));

/** The process log, followed by server-sent events. */
export function EnvironmentLog({ id, first, nextAfter, live }: { id: string; first: RawLine[]; nextAfter: number; live: boolean }) {
  const [lines, setLines] = useState(() => present(first, 0));
  const [state, setState] = useState<"live" | "polling" | "ended">(live ? "live" : "ended");
  useEffect(() => {
    if (!live) return;
    const source = new EventSource(`/api/v1/environments/${id}/logs?follow=1&after=${nextAfter}`);
    source.addEventListener("open", () => setState("live"));
    source.addEventListener("error", () => setState("polling"));
    source.addEventListener("log", (event) => {
      const line = JSON.parse(event.data) as RawLine;
      setLines((known) => [...known, ...present([line], known.length)]);
    });
    return () => source.close();
  }, [id, nextAfter, live]);
  return <LogViewer label="Process log" lines={lines} state={state} downloadHref={`/api/v1/environments/${id}/logs?tail=5000`} />;
}
