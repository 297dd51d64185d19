"use client";

import { useTheme } from "next-themes";
import { useEffect, useRef, useState } from "react";

const ROLES = {
  primaryColor: "--muted",
  primaryTextColor: "--foreground",
  primaryBorderColor: "--border-strong",
  lineColor: "--muted-foreground",
  textColor: "--foreground",
  mainBkg: "--muted",
  background: "--surface",
  secondaryColor: "--muted-strong",
  tertiaryColor: "--surface",
  noteBkgColor: "--muted-strong",
  noteTextColor: "--foreground",
  edgeLabelBackground: "--surface",
  clusterBkg: "--surface",
  clusterBorder: "--border-strong",
};
const MAX_HEIGHT = 1_200;

/** A Mermaid diagram, drawn in a frame of its own; its source where it cannot be drawn. */
export function Diagram({ code }: { code: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(160);
  const [problem, setProblem] = useState<string | null>(null);
  const [isReady, setReady] = useState(false);
  const { resolvedTheme } = useTheme();
  useEffect(() => {
    const hear = ({ source, data }: MessageEvent) => {
      if (source !== frame.current?.contentWindow || !data?.diagram) return;
      if (data.ready) setReady(true);
      if (typeof data.height === "number") setHeight(Math.min(MAX_HEIGHT, Math.max(40, data.height)));
      if (typeof data.problem === "string") setProblem(data.problem);
    };
    window.addEventListener("message", hear);
    // The frame may have said that it is ready before this page listened.
    frame.current?.contentWindow?.postMessage({ hello: true }, "*");
    return () => window.removeEventListener("message", hear);
  }, []);
  useEffect(() => {
    if (!isReady || !resolvedTheme) return;
    const style = getComputedStyle(document.documentElement);
    const colours = Object.fromEntries(Object.entries(ROLES).map(([name, role]) => [name, style.getPropertyValue(role).trim()]));
    // The frame has an origin that cannot be named; nothing secret is sent.
    frame.current?.contentWindow?.postMessage({ code, colours, font: "ui-sans-serif, system-ui, sans-serif" }, "*");
  }, [isReady, code, resolvedTheme]);
  if (problem) {
    return (
      <figure className="diagram">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll sideways, also by keyboard */}
        <pre tabIndex={0}>{code}</pre>
        <figcaption className="caption">This diagram cannot be drawn: {problem}</figcaption>
      </figure>
    );
  }
  return (
    <iframe
      ref={frame}
      className="diagram-frame"
      src="/api/diagram"
      title={`Diagram: ${code.trim().split("\n")[0]?.slice(0, 60) ?? ""}`}
      sandbox="allow-scripts"
      style={{ height }}
      loading="lazy"
    />
  );
}
