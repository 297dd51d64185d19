"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { useToast } from "@/components/ui/toast";
import { useSubmit } from "@/components/ui/use-submit";
import { createTeam, editTeam } from "@/lib/identity/actions";
import type { Team } from "@/lib/identity/contract";

/** Makes a team, or with `team` changes one. */
export function TeamForm({ team, others }: { team?: Team; others: Team[] }) {
  const { pending, errors, message, submit } = useSubmit();
  const [name, setName] = useState("");
  const [title, setTitle] = useState(team?.title ?? "");
  const [parent, setParent] = useState(team?.parent ?? "");
  const router = useRouter();
  const toast = useToast();
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (team) {
      void submit(
        () => editTeam({ team: team.id, title, parent: parent || null }),
        () => {
          toast("Saved.");
          router.refresh();
        },
      );
      return;
    }
    void submit(
      () => createTeam({ name, title, ...(parent ? { parent } : {}) }),
      (made) => router.push(`/teams/${made.name}`),
    );
  };
  const divisions = [{ value: "", label: "None" }, ...others.map((one) => ({ value: one.name, label: one.title }))];
  return (
    <form className="form stack-4" onSubmit={save} noValidate>
      {team ? null : (
        <Field id="name" label="Name" required help="Lower-case letters, digits and hyphens. It becomes part of addresses and stays." error={errors.name}>
          <input
            className="input mono"
            {...fieldProps("name", errors.name, true)}
            value={name}
            placeholder="billing"
            maxLength={40}
            onChange={(event) => setName(event.target.value)}
            autoComplete="off"
          />
        </Field>
      )}
      <Field id="title" label="Title" required error={errors.title}>
        <input
          className="input"
          {...fieldProps("title", errors.title)}
          value={title}
          placeholder="Billing"
          maxLength={60}
          onChange={(event) => setTitle(event.target.value)}
          autoComplete="off"
        />
      </Field>
      <Field id="parent" label="Part of" help="Managers of a division manage the teams in it." error={errors.parent}>
        <ChoiceField {...fieldProps("parent", errors.parent, true)} value={parent} options={divisions} onChange={(event) => setParent(event.target.value)} />
      </Field>
      {message ? <Notice tone="danger">{message}</Notice> : null}
      <div>
        <Button type="submit" variant={team ? "default" : "primary"} pending={pending}>
          {team ? "Save team" : "Create team"}
        </Button>
      </div>
    </form>
  );
}
