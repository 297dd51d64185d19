"use client";

import { Button, LinkButton } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";

export default function PortalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <div className="page">
      <Notice tone="danger">
        <p className="strong">This page could not be read</p>
        <p>The rest of the portal still works. Try again; if it stays, give the platform team the reference {error.digest ?? "unknown"}.</p>
      </Notice>
      <div className="line mt-4">
        <Button onClick={reset}>Try again</Button>
        <LinkButton href="/">Go home</LinkButton>
      </div>
    </div>
  );
}
