"use client";

import { Button } from "@/components/ui/button";
import { Field, fieldProps } from "@/components/ui/field";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";

interface Named {
  title: string;
  titleHelp: string;
  example: string;
  onTitle: (title: string) => void;
  /** Null for one that has its name for good. */
  name: string | null;
  nameIsPartOf: string;
  onName: (name: string) => void;
  errors: Record<string, string>;
}

/** What a definition is called, and the name that it keeps. */
export function NameFields({ title, titleHelp, example, onTitle, name, nameIsPartOf, onName, errors }: Named) {
  return (
    <>
      <Field id="title" label="Title" required help={titleHelp} error={errors.title}>
        <input
          {...fieldProps("title", errors.title, true)}
          className="input"
          value={title}
          onChange={(event) => onTitle(event.target.value)}
          placeholder={example}
          autoComplete="off"
        />
      </Field>
      {name === null ? null : (
        <Field id="name" label="Name" required help={`Lower-case letters, digits and hyphens; part of ${nameIsPartOf}.`} error={errors.name}>
          <input
            {...fieldProps("name", errors.name, true)}
            className="input mono"
            value={name}
            onChange={(event) => onName(event.target.value)}
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
      )}
    </>
  );
}

/** Why the next revision differs, for its history. */
export function RevisionNote({ help, value, onChange, error }: { help: string; value: string; onChange: (note: string) => void; error: string | undefined }) {
  return (
    <section className="form">
      <Field id="note" label="What changes" help={help} error={error}>
        <input {...fieldProps("note", error, true)} className="input" value={value} maxLength={300} onChange={(event) => onChange(event.target.value)} autoComplete="off" />
      </Field>
    </section>
  );
}

interface Saving {
  label: string;
  message: string | null;
  /** Where the revision is that somebody else saved meanwhile. */
  hrefOfOther: string | null;
  errors: Record<string, string>;
  pending: boolean;
  onSave: () => void;
}

/** The foot of an editor: what stands against saving, and the button. */
export function SaveDefinition({ label, message, hrefOfOther, errors, pending, onSave }: Saving) {
  const wrong = Object.keys(errors).length;
  const other = hrefOfOther !== null && message !== null && /saved revision/.test(message);
  const open = other ? (
    <Link className="link nowrap" href={hrefOfOther} target="_blank">
      Open the other
    </Link>
  ) : undefined;
  return (
    <>
      {message ? (
        <Notice tone="danger" action={open}>
          {message}
        </Notice>
      ) : null}
      <div className="line wrap">
        <Button variant="primary" pending={pending} onClick={onSave}>
          {label}
        </Button>
        {wrong ? <span className="t-danger">{wrong === 1 ? "One field is" : `${wrong} fields are`} to be put right above.</span> : null}
      </div>
    </>
  );
}
