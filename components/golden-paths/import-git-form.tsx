"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldProps } from "@/components/ui/field";
import { LOST } from "@/components/ui/lost";
import { Notice } from "@/components/ui/notice";
import { SectionHead } from "@/components/ui/page-head";
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
      <Field id="git-url" label="Address" help="A public repository that holds a Backstage template.yaml." error={errors.url}>
        <input
          {...fieldProps("git-url", errors.url, true)}
          className="input"
          placeholder="https://github.com/acme/templates"
          value={url}
          onChange={(event) => setUrl(event.target.value)}
          autoComplete="off"
        />
      </Field>
      <Field id="git-branch" label="Branch" help="Left empty, the default branch." error={errors.branch}>
        <input {...fieldProps("git-branch", errors.branch, true)} className="input" value={branch} onChange={(event) => setBranch(event.target.value)} autoComplete="off" />
      </Field>
      <Field id="git-path" label="Folder" help="Of the template, where the repository holds more." error={errors.path}>
        <input
          {...fieldProps("git-path", errors.path, true)}
          className="input"
          placeholder="templates/node-service"
          value={path}
          onChange={(event) => setPath(event.target.value)}
          autoComplete="off"
        />
      </Field>
      {message ? <Notice tone="danger">{message}</Notice> : null}
      <div>
        <Button type="submit" pending={pending}>
          Import repository
        </Button>
      </div>
    </form>
  );
}
