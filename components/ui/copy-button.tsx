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

export function CodeBlock({ code, label = "Copy command" }: { code: string; label?: string }) {
  return (
    <div className="code">
      <code>
        <span className="p">$ </span>
        {code}
      </code>
      <CopyButton text={code} label={label} />
    </div>
  );
}
