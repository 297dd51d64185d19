"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { absoluteTime } from "@/lib/core/format";
import { disconnectGithub } from "@/lib/platform/actions";
import type { GithubIntegration } from "@/lib/platform/contract";
import { GithubForm } from "./github-form";
import { GithubReport } from "./github-report";

/** Connect GitHub, see what it is connected as, test it, leave it. Secrets are only ever sent, never shown. */
export function GithubPanel({ github }: { github: GithubIntegration }) {
  const [isEditing, setEditing] = useState(false);
  const router = useRouter();
  const saved = () => {
    setEditing(false);
    router.refresh();
  };
  if (github.source === "none") {
    return (
      <div className="stack-4">
        <p className="muted">
          Not connected. New services get a repository on Waymark’s own git server: they can be cloned, pushed to and browsed here, and a push to the default branch deploys to
          development. Connect GitHub to make repositories there instead, to deploy from them and to start GitHub Actions workflows. Existing repositories stay where they are.
        </p>
        <GithubForm github={github} onSaved={saved} />
      </div>
    );
  }
  return (
    <div className="stack-4">
      <Facts github={github} />
      {github.source === "environment" ? (
        <Notice tone="info">
          Set by the portal’s environment variables <span className="mono">GITHUB_…</span>. They win over what is entered here; change them there and start the portal again.
        </Notice>
      ) : null}
      {isEditing ? (
        <GithubForm github={github} onSaved={saved} onCancel={() => setEditing(false)} />
      ) : (
        <GithubReport key={github.updatedAt ?? ""} owner={github.owner ?? ""}>
          {github.source === "stored" ? (
            <>
              <Button onClick={() => setEditing(true)}>Change connection</Button>
              <Disconnect owner={github.owner ?? ""} onDone={saved} />
            </>
          ) : null}
        </GithubReport>
      )}
    </div>
  );
}

function Facts({ github }: { github: GithubIntegration }) {
  return (
    <dl className="facts">
      <dt>Owner</dt>
      <dd className="mono">{github.owner}</dd>
      <dt>API address</dt>
      <dd className="mono">{github.apiUrl}</dd>
      <dt>Signs in as</dt>
      <dd>{github.auth === "app" ? `GitHub App ${github.appId}` : "Token"}</dd>
      <dt>Webhooks</dt>
      <dd>
        Address and secret are on{" "}
        <Link className="link" href="/admin/webhooks">
          Webhooks
        </Link>
      </dd>
      {github.updatedAt ? (
        <>
          <dt>Changed</dt>
          <dd>{absoluteTime(github.updatedAt)}</dd>
        </>
      ) : null}
    </dl>
  );
}

function Disconnect({ owner, onDone }: { owner: string; onDone: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const confirm = async () => {
    const result = await disconnectGithub({});
    if (!result.ok) return result.error.message;
    onDone();
    return null;
  };
  return (
    <>
      <Button variant="danger" onClick={() => setAsking(true)}>
        Disconnect GitHub
      </Button>
      <ConfirmDialog open={isAsking} onOpenChange={setAsking} title={`Disconnect GitHub from ${owner}?`} confirmLabel="Disconnect GitHub" onConfirm={confirm}>
        The stored secrets are forgotten. Repositories at GitHub stay as they are, but Waymark no longer deploys from them, and new services get a repository on its own git server.
      </ConfirmDialog>
    </>
  );
}
