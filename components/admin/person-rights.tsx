"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { ConfirmDialog } from "@/components/ui/confirm";
import { Field, fieldProps } from "@/components/ui/field";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { useToast } from "@/components/ui/toast";
import { useAct } from "@/components/ui/use-act";
import { useSubmit } from "@/components/ui/use-submit";
import { ROLES } from "@/lib/core/actor";
import { disablePerson, endAllSessions, setRole } from "@/lib/identity/actions";
import { type Person, ROLE_WORDS } from "@/lib/identity/contract";
import { FreshSignInNotice } from "./fresh-sign-in-notice";

type Asking = "disable" | "end" | null;

/** Role, access, and a way to throw somebody out of every session and token at once. */
export function PersonRights({ person, isSelf, open }: { person: Person; isSelf: boolean; open: { sessions: number; tokens: number } }) {
  const { pending, errors, message, submit } = useSubmit();
  const [role, setChosen] = useState(person.role);
  const [asking, setAsking] = useState<Asking>(null);
  const router = useRouter();
  const toast = useToast();
  const save = (event: FormEvent) => {
    event.preventDefault();
    void submit(
      () => setRole({ id: person.id, role }),
      () => {
        toast(`${person.name} is now ${ROLE_WORDS[role].toLowerCase()}.`);
        router.refresh();
      },
    );
  };
  const confirmed = async () => {
    const result = asking === "end" ? await endAllSessions({ id: person.id }) : await disablePerson({ id: person.id, disabled: true });
    if (!result.ok) return result.error.message;
    router.refresh();
    return null;
  };
  const enabling = useAct();
  const enable = () => enabling.act(() => disablePerson({ id: person.id, disabled: false }), `${person.name} may sign in again.`);
  return (
    <form className="form stack-4" onSubmit={save} noValidate>
      <Field
        id="role"
        label="Role"
        help="A role given here stays, whatever the groups of the identity provider say. A changed role ends the person's sessions."
        error={errors.role}
      >
        <span className="line">
          <ChoiceField
            {...fieldProps("role", errors.role, true)}
            value={role}
            options={ROLES.map((value) => ({ value, label: ROLE_WORDS[value] }))}
            onChange={(event) => setChosen(ROLES.find((one) => one === event.target.value) ?? "engineer")}
          />
          <Button type="submit" pending={pending}>
            Save role
          </Button>
        </span>
      </Field>
      {errors.session ? <FreshSignInNotice message={errors.session} returnTo={`/admin/people/${person.id}`} /> : null}
      {message ? <Notice tone="danger">{message}</Notice> : null}
      <div className="line">
        <Button onClick={() => setAsking("end")}>End all sessions and tokens</Button>
        {person.managedBy && (!person.disabledAt || person.disabledBy === "provisioning") ? null : person.disabledAt ? (
          <Button pending={enabling.pending} onClick={enable}>
            Enable account
          </Button>
        ) : isSelf ? null : (
          <Button variant="danger" onClick={() => setAsking("disable")}>
            Disable account
          </Button>
        )}
      </div>
      {person.managedBy ? (
        <p className="muted">
          Name, address and access come from the connection{" "}
          <Link className="link" href={`/admin/provisioning/${person.managedBy.id}`}>
            {person.managedBy.name}
          </Link>
          {", which says that they may "}
          {person.managedBy.isActive ? "sign in. Deactivate or unassign them there." : "not sign in. Activate or assign them there."}
        </p>
      ) : null}
      <ConfirmDialog
        open={asking !== null}
        onOpenChange={(stays) => !stays && setAsking(null)}
        title={asking === "end" ? `End all sessions and tokens of ${person.name}?` : `Disable ${person.name}?`}
        confirmLabel={asking === "end" ? "End sessions and tokens" : "Disable account"}
        onConfirm={confirmed}
      >
        <p>
          {open.sessions} {open.sessions === 1 ? "session" : "sessions"} and {open.tokens} {open.tokens === 1 ? "token" : "tokens"} end at once; programs that use a token stop
          working.
          {asking === "disable" ? " They cannot sign in again until an admin enables the account. Their environments keep running until they expire." : " They can sign in again."}
        </p>
      </ConfirmDialog>
    </form>
  );
}
