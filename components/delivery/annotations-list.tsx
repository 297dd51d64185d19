"use client";

import { X } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldProps } from "@/components/ui/field";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { useSubmit } from "@/components/ui/use-submit";
import { addAnnotation, removeAnnotation } from "@/lib/metrics/actions";
import type { Annotation } from "@/lib/metrics/contract";
import { counted } from "./words";

const KIND_WORDS = { release: "Release", "golden-path": "Golden path", incident: "Incident", survey: "Survey", note: "Note" };

/** The marks of the charts in words; a platform admin adds notes of their own for the group. */
export function AnnotationsList({ annotations, group, mayEdit }: { annotations: Annotation[]; group: { ref: string; title: string } | null; mayEdit: boolean }) {
  const router = useRouter();
  const remove = async (id: string) => {
    await removeAnnotation({ id });
    router.refresh();
  };
  const mayAdd = mayEdit && group !== null;
  if (annotations.length === 0 && !mayAdd) return null;
  return (
    <details className="panel panel-body mb-6">
      <summary>
        What happened <span className="muted">{annotations.length ? `${counted(annotations.length, "mark")} on the charts` : "nothing is marked"}</span>
      </summary>
      <ul className="stack-2 mt-4">
        {annotations.map(({ day, kind, text, href, id }) => (
          <li key={`${day} ${kind} ${text} ${id}`} className="line">
            <span className="mono nowrap">{day}</span>
            <span className="badge">{KIND_WORDS[kind]}</span>
            {href ? (
              <Link className="link" href={href}>
                {text}
              </Link>
            ) : (
              <span>{text}</span>
            )}
            {id && mayEdit ? (
              <button type="button" className="btn btn-icon" aria-label={`Remove the note ${text}`} onClick={() => void remove(id)}>
                <X className="i" aria-hidden />
              </button>
            ) : null}
          </li>
        ))}
      </ul>
      {mayAdd && group ? <AddNote group={group} /> : null}
    </details>
  );
}

function AddNote({ group }: { group: { ref: string; title: string } }) {
  const { pending, errors, message, submit } = useSubmit();
  const [day, setDay] = useState("");
  const [note, setNote] = useState("");
  const router = useRouter();
  const add = (event: FormEvent) => {
    event.preventDefault();
    void submit(
      () => addAnnotation({ day, note, group: group.ref }),
      () => {
        setNote("");
        router.refresh();
      },
    );
  };
  return (
    <form className="stack-4 form mt-4" onSubmit={add} noValidate>
      <Field id="annotation-day" label="Day" error={errors.day}>
        <input className="input" type="date" {...fieldProps("annotation-day", errors.day)} value={day} onChange={(event) => setDay(event.target.value)} />
      </Field>
      <Field id="annotation-note" label={`What happened, for ${group.title} and everything below it`} error={errors.note}>
        <input
          className="input"
          {...fieldProps("annotation-note", errors.note)}
          value={note}
          maxLength={140}
          autoComplete="off"
          onChange={(event) => setNote(event.target.value)}
        />
      </Field>
      {message ? <Notice tone="danger">{message}</Notice> : null}
      <div>
        <Button type="submit" pending={pending}>
          Add note
        </Button>
      </div>
    </form>
  );
}
