"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { LOST } from "@/components/ui/lost";
import { Notice } from "@/components/ui/notice";
import { SectionHead } from "@/components/ui/page-head";
import { TextField } from "@/components/ui/text-field";
import { ApiProblem, importGit } from "./editor/api";

/** A draft from a template that somebody keeps in a public repository. */
export function ImportGitForm() {
  const [url, setUrl] = useState("");
  const [branch, setBranch] = useState("");
  const [path, setPath] = useState("");
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [message, setMessage] = useState<string | null>(null);
  const [pending, setPending] = useState(false);
  const router = useRouter();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (pending) return;
    setPending(true);
    try {
      const draft = await importGit({ url, ...(branch.trim() ? { branch } : {}), ...(path.trim() ? { path } : {}) });
      router.push(`/admin/golden-paths/${draft.name}`);
    } catch (error) {
      setPending(false);
      const fields = error instanceof ApiProblem ? error.fields.filter((field) => /^git\.(url|branch|path)$/.test(field.path)) : [];
      setErrors(Object.fromEntries(fields.map((field) => [field.path.slice("git.".length), field.message])));
      setMessage(fields.length ? null : error instanceof ApiProblem ? error.message : LOST);
    }
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
