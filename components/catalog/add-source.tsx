"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { useToast } from "@/components/ui/toast";
import { useSubmit } from "@/components/ui/use-submit";
import { addLocation } from "@/lib/catalog/actions";
import type { LocationType } from "@/lib/catalog/contract";

const TYPES: Record<LocationType, { label: string; help: string; placeholder: string }> = {
  git: {
    label: "Git repository",
    help: "Over https. One at GitHub is read with the connection of the platform, others must be public.",
    placeholder: "https://github.com/acme/shop",
  },
  url: {
    label: "File at an address",
    help: "A catalog-info.yaml over https, and the files that its Location documents name.",
    placeholder: "https://example.com/catalog-info.yaml",
  },
  "github-org": {
    label: "GitHub organisation",
    help: "Every repository of the organisation that GitHub is connected for, those to come included.",
    placeholder: "acme",
  },
};

/** Names a place that the catalog reads from again and again. */
export function AddSource({ teams, isAdmin }: { teams: string[]; isAdmin: boolean }) {
  const [type, setType] = useState<LocationType>("git");
  const [target, setTarget] = useState("");
  const [path, setPath] = useState("");
  const [team, setTeam] = useState(teams[0] ?? "");
  const { pending, errors, message, submit } = useSubmit();
  const router = useRouter();
  const toast = useToast();
  const { help, placeholder } = TYPES[type];
  const add = (event: FormEvent) => {
    event.preventDefault();
    void submit(
      () => addLocation({ type, target, ...(path && type !== "url" ? { path } : {}), ...(team && type !== "github-org" ? { team } : {}) }),
      () => {
        toast("The source was added. It is read now.");
        setTarget("");
        router.refresh();
      },
    );
  };
  const options = (Object.keys(TYPES) as LocationType[]).filter((one) => isAdmin || one !== "github-org").map((value) => ({ value, label: TYPES[value].label }));
  return (
    <form className="stack-4 form" onSubmit={add} noValidate>
      <Field id="type" label="Kind of source">
        <ChoiceField {...fieldProps("type", undefined)} value={type} options={options} onChange={(event) => setType(event.target.value as LocationType)} />
      </Field>
      <Field id="target" label={type === "github-org" ? "Organisation" : "Address"} help={help} error={errors.target} required>
        <input
          {...fieldProps("target", errors.target, true)}
          className="input"
          placeholder={placeholder}
          value={target}
          onChange={(event) => setTarget(event.target.value)}
          autoComplete="off"
          spellCheck={false}
        />
      </Field>
      {type === "url" ? null : (
        <Field id="path" label="Files" help="Paths or patterns in each repository, divided by commas. catalog-info.yaml when left empty." error={errors.path}>
          <input
            {...fieldProps("path", errors.path, true)}
            className="input mono"
            placeholder="catalog-info.yaml"
            value={path}
            onChange={(event) => setPath(event.target.value)}
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
      )}
      {type !== "github-org" && teams.length > 1 ? (
        <Field id="team" label="On behalf of" error={errors.team}>
          <ChoiceField
            {...fieldProps("team", errors.team)}
            value={team}
            options={teams.map((value) => ({ value, label: value }))}
            onChange={(event) => setTeam(event.target.value)}
          />
        </Field>
      ) : null}
      {message ? <Notice tone="danger">{message}</Notice> : null}
      <div>
        <Button type="submit" variant="primary" pending={pending}>
          Add source
        </Button>
      </div>
    </form>
  );
}
