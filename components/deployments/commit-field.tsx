"use client";

import { useEffect, useId, useState } from "react";
import { Field, fieldProps } from "@/components/ui/field";
import { Time } from "@/components/ui/time";
import { readDeployChoices } from "@/lib/environments/actions";
import type { CommitChoice, DeployChoices } from "@/lib/environments/contract";
import { CommitRef } from "./commit-ref";

/** The branches and newest commits of a service; null until they are there. */
export function useDeployChoices(entityRef: string, isOpen: boolean): DeployChoices | null {
  const [choices, setChoices] = useState<DeployChoices | null>(null);
  useEffect(() => {
    if (!isOpen) return;
    let current = true;
    void readDeployChoices({ entityRef }).then((result) => {
      if (current && result.ok) setChoices(result.data);
    });
    return () => {
      current = false;
    };
  }, [entityRef, isOpen]);
  return choices;
}

interface Props {
  value: string;
  onChange: (value: string) => void;
  choices: DeployChoices | null;
  choice: CommitChoice | null;
  error: string | undefined;
}

/** A branch, tag or commit, with what it means now below it. */
export function CommitField({ value, onChange, choices, choice, error }: Props) {
  const list = useId();
  return (
    <>
      <Field id="ref" label="Branch, tag or commit" error={error}>
        <input
          {...fieldProps("ref", error)}
          className="input mono"
          list={list}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          placeholder={choices?.defaultBranch ?? "main"}
          autoComplete="off"
          spellCheck={false}
        />
      </Field>
      <datalist id={list}>
        {choices?.branches.map((branch) => (
          <option key={branch} value={branch} />
        ))}
        {choices?.recent.map(({ commit, subject }) => (
          <option key={commit} value={commit.slice(0, 10)} label={subject} />
        ))}
      </datalist>
      <p className="muted min-h-5" aria-live="polite">
        {choice && !error ? (
          <span className="line">
            <CommitRef commit={choice.commit} icon />
            <span className="truncate" title={choice.subject}>
              {choice.subject}
            </span>
            <span className="nowrap">
              {choice.author}, <Time at={choice.authoredAt} />
            </span>
          </span>
        ) : null}
      </p>
    </>
  );
}
