"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { ConfirmDialog } from "@/components/ui/confirm";
import { Empty } from "@/components/ui/empty";
import { Field, fieldProps } from "@/components/ui/field";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { SectionHead } from "@/components/ui/page-head";
import { Table } from "@/components/ui/table";
import { useToast } from "@/components/ui/toast";
import { useAct } from "@/components/ui/use-act";
import { useSubmit } from "@/components/ui/use-submit";
import { removeMember, setMember } from "@/lib/identity/actions";
import { MEMBERSHIP_WORDS, MEMBERSHIPS, type TeamMember } from "@/lib/identity/contract";

type Membership = (typeof MEMBERSHIPS)[number];
const CHOICES = MEMBERSHIPS.map((value) => ({ value, label: MEMBERSHIP_WORDS[value] }));

interface Props {
  team: string;
  members: TeamMember[];
  mayManage: boolean;
}

export function MembersTable({ team, members, mayManage }: Props) {
  const [leaving, setLeaving] = useState<TeamMember | null>(null);
  const router = useRouter();
  const { act } = useAct();
  const change = (member: TeamMember, membership: Membership) =>
    act(() => setMember({ team, user: member.userId, membership }), `${member.name} is now ${MEMBERSHIP_WORDS[membership].toLowerCase()} of ${team}.`);
  const remove = async () => {
    if (!leaving) return null;
    const result = await removeMember({ team, user: leaving.userId });
    if (!result.ok) return result.error.message;
    router.refresh();
    return null;
  };
  const rows = members.map((member) => ({
    key: member.userId,
    cells: {
      name: (
        <Link className="name" href={`/people/${encodeURIComponent(member.handle)}`}>
          {member.name} <span className="muted">{member.handle}</span>
        </Link>
      ),
      membership: mayManage ? (
        <ChoiceField
          aria-label={`What ${member.name} is in the team`}
          value={member.membership}
          options={CHOICES}
          onChange={(event) => change(member, event.target.value === "owner" ? "owner" : "member")}
        />
      ) : (
        MEMBERSHIP_WORDS[member.membership]
      ),
      source: member.source === "manual" ? "By hand" : member.pushedBy ? `By group, pushed by ${member.pushedBy}` : "By group",
      action:
        mayManage && !member.pushedBy ? (
          <Button size="sm" onClick={() => setLeaving(member)} aria-label={`Remove ${member.name} from the team`}>
            Remove
          </Button>
        ) : null,
    },
  }));
  const columns = [
    { key: "name", title: "Person" },
    { key: "membership", title: "Membership" },
    { key: "source", title: "From", className: "desk-cell" },
    ...(mayManage ? [{ key: "action", title: <span className="sr">Remove</span>, align: "end" as const, className: "col-span-full" }] : []),
  ];
  const empty = (
    <Empty title="Nobody is in this team">{mayManage ? "Add people below, or add a role rule that leads here." : "Its owner or a platform admin can add people."}</Empty>
  );
  return (
    <section>
      <SectionHead title="Members" aside={`${members.length}`} />
      <Table caption={`Members of ${team}`} columns={columns} rows={rows} empty={empty} />
      {mayManage ? <AddMember team={team} /> : null}
      <ConfirmDialog
        open={leaving !== null}
        onOpenChange={(open) => !open && setLeaving(null)}
        title={`Remove ${leaving?.name ?? ""} from ${team}?`}
        confirmLabel="Remove member"
        onConfirm={remove}
      >
        <p>
          They no longer see the team's environments and runs, from their next request on.
          {leaving?.source === "idp" ? " A group of the identity provider put them here: their next sign-in does so again, unless the group or the rule changes." : ""}
        </p>
      </ConfirmDialog>
    </section>
  );
}

function AddMember({ team }: { team: string }) {
  const { pending, errors, message, submit } = useSubmit();
  const [user, setUser] = useState("");
  const [membership, setMembership] = useState<Membership>("member");
  const router = useRouter();
  const toast = useToast();
  const add = (event: FormEvent) => {
    event.preventDefault();
    void submit(
      () => setMember({ team, user, membership }),
      (data) => {
        toast(`${data.handle} is now ${MEMBERSHIP_WORDS[membership].toLowerCase()} of ${team}.`);
        setUser("");
        router.refresh();
      },
    );
  };
  return (
    <form className="form stack-4 mt-6" onSubmit={add} noValidate>
      <Field id="user" label="Add a person" help="Short name, or e-mail address if the identity provider has verified it." error={errors.user}>
        <span className="line">
          <input className="input" {...fieldProps("user", errors.user, true)} value={user} placeholder="ada" onChange={(event) => setUser(event.target.value)} autoComplete="off" />
          <ChoiceField aria-label="Membership" value={membership} options={CHOICES} onChange={(event) => setMembership(event.target.value === "owner" ? "owner" : "member")} />
          <Button type="submit" pending={pending}>
            Add member
          </Button>
        </span>
      </Field>
      {message ? <Notice tone="danger">{message}</Notice> : null}
    </form>
  );
}
