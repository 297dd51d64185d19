"use client";

import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { useSubmit } from "@/components/ui/use-submit";
import { previewRules } from "@/lib/identity/actions";
import { MEMBERSHIP_WORDS, ROLE_WORDS, type RoleRule, type RulesPreview } from "@/lib/identity/contract";

/** What the list as it stands, saved or not, would make of somebody's groups. */
export function RulesTest({ rules }: { rules: RoleRule[] }) {
  const { pending, errors, message, submit } = useSubmit();
  const [typed, setTyped] = useState("");
  const [preview, setPreview] = useState<RulesPreview | null>(null);
  const test = (event: FormEvent) => {
    event.preventDefault();
    const groups = typed
      .split(/[\n,]/)
      .map((group) => group.trim())
      .filter(Boolean);
    void submit(() => previewRules({ groups, rules }), setPreview);
  };
  return (
    <aside className="stack-4" aria-label="Test the rules">
      <form className="stack-4" onSubmit={test} noValidate>
        <h2>Test</h2>
        <Field id="groups" label="Groups of a person" help="One a line, as the claim carries them." error={errors.groups}>
          <textarea
            className="input mono"
            rows={4}
            {...fieldProps("groups", errors.groups, true)}
            value={typed}
            placeholder={"checkout\ncheckout:owners"}
            spellCheck={false}
            onChange={(event) => setTyped(event.target.value)}
          />
        </Field>
        <div>
          <Button type="submit" pending={pending}>
            Test rules
          </Button>
        </div>
      </form>
      {message || Object.keys(errors).some((path) => path.startsWith("rules")) ? <Notice tone="danger">{message ?? "A rule of the list is not complete yet."}</Notice> : null}
      {preview ? (
        <dl className="facts narrow" aria-live="polite">
          <dt>Role</dt>
          <dd>
            {ROLE_WORDS[preview.role.value]}
            <span className="muted">{preview.role.from ? `, from ${preview.role.from}` : ", nothing gives another"}</span>
          </dd>
          <dt>Teams</dt>
          <dd>
            {preview.teams.length
              ? preview.teams.map((team) => (
                  <span key={team.team} className="block">
                    {team.team}, {MEMBERSHIP_WORDS[team.membership].toLowerCase()}
                    <span className="muted">, from {team.from}</span>
                  </span>
                ))
              : "None: they would land on the page that says what to do"}
          </dd>
          <dt>Unused</dt>
          <dd className="mono">{preview.unused.length ? preview.unused.join(", ") : "—"}</dd>
        </dl>
      ) : null}
    </aside>
  );
}
