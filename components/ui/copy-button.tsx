"use client";

import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "./button";

export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1_500);
  };
  return (
    <Button variant="icon" aria-label={copied ? "Copied" : label} title={label} onClick={copy}>
      {copied ? <Check className="i" aria-hidden /> : <Copy className="i" aria-hidden />}
    </Button>
  );
}

/** A command to be copied; what is no command has no `prompt`. */
export function CodeBlock({ code, label = "Copy command", prompt = "$ " }: { code: string; label?: string; prompt?: string }) {
  return (
    <div className="code">
      <code>
        {prompt ? <span className="p">{prompt}</span> : null}
        {code}
      </code>
      <CopyButton text={code} label={label} />
    </div>
  );
}
