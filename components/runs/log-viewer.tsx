"use client";

import { ArrowDownToLine, ChevronDown, ChevronUp, Download, Search } from "lucide-react";
import { Fragment, useEffect, useMemo, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";

export interface ViewerLine {
  seq: number;
  at: string | null;
  step: string | null;
  level: "info" | "warn" | "error";
  text: string;
}

interface Props {
  label: string;
  lines: ViewerLine[];
  /** Titles of steps, for headings and the filter; leave out for a plain log. */
  steps?: { name: string; title: string }[];
  step?: string | null;
  onStep?: (step: string | null) => void;
  state: "live" | "polling" | "ended";
  downloadHref: string;
  foot?: string;
}

/** More than this is not drawn: the newest part is, and the download has the rest. */
const MAX_DRAWN = 3_000;

function Text({ text, query }: { text: string; query: string }) {
  const parts = query ? text.split(query) : [text];
  return (
    <span>
      {parts.map((part, index) => (
        <Fragment key={index}>
          {index > 0 ? <mark>{query}</mark> : null}
          {part}
        </Fragment>
      ))}
    </span>
  );
}

const STATE_WORDS = { live: "Live", polling: "Live updates stopped, reading every 2 s", ended: "Ended" };

/** THE log viewer: follows until the reader scrolls up, searches, filters by step, walks the errors. */
export function LogViewer({ label, lines, steps = [], step = null, onStep, state, downloadHref, foot }: Props) {
  const [query, setQuery] = useState("");
  const [follow, setFollow] = useState(state !== "ended");
  const body = useRef<HTMLDivElement>(null);
  const titles = useMemo(() => new Map(steps.map(({ name, title }) => [name, title])), [steps]);
  const filtered = useMemo(() => lines.filter((line) => !step || line.step === step), [lines, step]);
  const drawn = filtered.slice(-MAX_DRAWN);
  const hits = query ? drawn.filter((line) => line.text.includes(query)).length : 0;
  const errors = drawn.filter((line) => line.level === "error");
  const [errorAt, setErrorAt] = useState(0);
  const lastSeq = drawn.at(-1)?.seq;

  // A new last line is what moves the view.
  useEffect(() => {
    if (follow && body.current) body.current.scrollTop = body.current.scrollHeight;
  }, [follow, lastSeq]);

  useEffect(() => {
    const target = window.location.hash.startsWith("#L") ? document.getElementById(window.location.hash.slice(1)) : null;
    target?.scrollIntoView({ block: "center" });
  }, []);

  const showError = (index: number) => {
    const line = errors[(index + errors.length) % errors.length];
    if (!line) return;
    setFollow(false);
    setErrorAt((index + errors.length) % errors.length);
    document.getElementById(`L${line.seq}`)?.scrollIntoView({ block: "center" });
  };
  const onScroll = () => {
    const box = body.current;
    if (box && follow && box.scrollHeight - box.scrollTop - box.clientHeight > 48) setFollow(false);
  };
  return (
    <section className="panel log" aria-label={label}>
      <div className="log-bar">
        <h2 className="desk mr-2">Log</h2>
        <div className="search sm grow max-w-[240px]">
          <Search className="i" aria-hidden />
          <input className="input" type="search" aria-label="Search log" placeholder="Search" value={query} onChange={(event) => setQuery(event.target.value)} />
        </div>
        {steps.length && onStep ? (
          <label className="select sm desk">
            <span className="muted">Step</span>
            <select className="border-0 bg-transparent outline-none" value={step ?? ""} onChange={(event) => onStep(event.target.value || null)}>
              <option value="">All</option>
              {steps.map(({ name, title }) => (
                <option key={name} value={name}>
                  {title}
                </option>
              ))}
            </select>
          </label>
        ) : null}
        {query ? <span className="muted nowrap">{hits} lines</span> : null}
        <span className="grow" />
        {errors.length ? (
          <span className="muted line gap-0 nowrap">
            {errorAt + 1} of {errors.length} errors
            <Button variant="icon" aria-label="Previous error" onClick={() => showError(errorAt - 1)}>
              <ChevronUp className="i" aria-hidden />
            </Button>
            <Button variant="icon" aria-label="Next error" onClick={() => showError(errorAt + 1)}>
              <ChevronDown className="i" aria-hidden />
            </Button>
          </span>
        ) : null}
        <Button size="sm" aria-pressed={follow} onClick={() => setFollow(!follow)}>
          <ArrowDownToLine className="i" aria-hidden />
          {follow ? "Following" : "Follow"}
        </Button>
        <span className="desk line gap-0">
          <CopyButton text={filtered.map((line) => line.text).join("\n")} label="Copy log" />
          <a className="btn btn-icon" href={downloadHref} download aria-label="Download log" title="Download log">
            <Download className="i" aria-hidden />
          </a>
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div className="log-body" ref={body} onScroll={onScroll} tabIndex={0} role="log" aria-label={label}>
        {drawn.length === 0 ? <p className="muted px-4">{state === "ended" ? "Nothing was written." : "Nothing written yet…"}</p> : null}
        {drawn.map((line, index) => (
          <Fragment key={line.seq}>
            {line.step && line.step !== drawn[index - 1]?.step ? <div className="log-step">{titles.get(line.step) ?? line.step}</div> : null}
            <div
              id={`L${line.seq}`}
              className={`log-line ${line.level === "error" ? "err" : line.level === "warn" ? "warn" : ""} ${query && line.text.includes(query) ? "hit" : ""}`}
            >
              <a href={`#L${line.seq}`}>{line.seq}</a>
              <span>{line.at ? line.at.slice(11, 23) : ""}</span>
              <Text text={line.text} query={query} />
            </div>
          </Fragment>
        ))}
      </div>
      <div className="log-foot">
        <span>{filtered.length} lines</span>
        {foot ? <span>{foot}</span> : null}
        <span className="ml-auto">{STATE_WORDS[state]}</span>
      </div>
    </section>
  );
}
