"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { SectionHead } from "@/components/ui/page-head";
import { TextField } from "@/components/ui/text-field";
import { useSubmit } from "@/components/ui/use-submit";
import { importGit } from "./editor/api";

/** A draft from a template that somebody keeps in a public repository. */
export function ImportGitForm() {
  const [url, setUrl] = useState("");
  const [branch, setBranch] = useState("");
  const [path, setPath] = useState("");
  const { pending, errors, message, submit } = useSubmit();
  const router = useRouter();
  const send = (event: FormEvent) => {
    event.preventDefault();
    void submit(
      () => importGit({ url, ...(branch.trim() ? { branch } : {}), ...(path.trim() ? { path } : {}) }),
      (draft) => router.push(`/admin/golden-paths/${draft.name}`),
    );
  };
  return (
    <form className="stack-4" onSubmit={send} noValidate>
      <SectionHead title="Import from a git repository" />
      <TextField
        id="git-url"
        label="Address"
        help="A public repository that holds a Backstage template.yaml."
        placeholder="https://github.com/acme/templates"
        value={url}
        error={errors.url}
        onChange={setUrl}
      />
      <TextField id="git-branch" label="Branch" help="Left empty, the default branch." value={branch} error={errors.branch} onChange={setBranch} />
      <TextField
        id="git-path"
        label="Folder"
        help="Of the template, where the repository holds more."
        placeholder="templates/node-service"
        value={path}
        error={errors.path}
        onChange={setPath}
      />
      {message ? <Notice tone="danger">{message}</Notice> : null}
      <div>
        <Button type="submit" pending={pending}>
          Import repository
        </Button>
      </div>
    </form>
  );
}
