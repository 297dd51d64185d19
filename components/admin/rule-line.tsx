import { ArrowDown, ArrowUp, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { ROLES } from "@/lib/core/actor";
import { MEMBERSHIP_WORDS, MEMBERSHIPS, ROLE_WORDS, type RoleRule } from "@/lib/identity/contract";

const MATCHES = [
  { value: "exact", label: "is exactly" },
  { value: "prefix", label: "begins with" },
];
const ROLE_CHOICES = [{ value: "", label: "No role" }, ...ROLES.map((value) => ({ value, label: ROLE_WORDS[value] }))];
const MEMBERSHIP_CHOICES = MEMBERSHIPS.map((value) => ({ value, label: MEMBERSHIP_WORDS[value] }));

interface Props {
  rule: RoleRule;
  number: number;
  isLast: boolean;
  teams: { name: string; title: string }[];
  problem: string | undefined;
  onChange: (part: Partial<RoleRule>) => void;
  onMove: (by: number) => void;
  onRemove: () => void;
}

/** One rule: if a group is …, then team and role. */
export function RuleLine({ rule, number, isLast, teams, problem, onChange, onMove, onRemove }: Props) {
  const name = (part: string) => `${part} of rule ${number}`;
  const teamChoices = [{ value: "", label: "No team" }, ...teams.map((team) => ({ value: team.name, label: team.title }))];
  return (
    <li>
      <div className="stack w-full">
        <div className="flex flex-wrap items-center gap-2">
          <span className="muted w-5 text-right">{number}</span>
          <span className="muted">Group</span>
          <span className="w-[116px]">
            <ChoiceField
              aria-label={name("Comparison")}
              value={rule.match}
              options={MATCHES}
              onChange={(event) => onChange({ match: event.target.value === "prefix" ? "prefix" : "exact" })}
            />
          </span>
          <input
            className="input mono min-w-[140px] flex-1"
            aria-label={name("Group")}
            aria-invalid={problem ? true : undefined}
            aria-describedby={problem ? `rule-${number}-problem` : undefined}
            value={rule.value}
            placeholder="checkout-engineers"
            maxLength={200}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onChange({ value: event.target.value })}
          />
          <span className="line ml-auto">
            <Button variant="icon" aria-label={`Move rule ${number} up`} title="Move up" disabled={number === 1} onClick={() => onMove(-1)}>
              <ArrowUp className="i" aria-hidden />
            </Button>
            <Button variant="icon" aria-label={`Move rule ${number} down`} title="Move down" disabled={isLast} onClick={() => onMove(1)}>
              <ArrowDown className="i" aria-hidden />
            </Button>
            <Button variant="icon" aria-label={`Remove rule ${number}`} title="Remove" onClick={onRemove}>
              <X className="i" aria-hidden />
            </Button>
          </span>
        </div>
        <div className="flex flex-wrap items-center gap-2 pl-7">
          <span className="muted">gives</span>
          <span className="w-[160px]">
            <ChoiceField
              aria-label={name("Team")}
              value={rule.team ?? ""}
              options={teamChoices}
              onChange={(event) => onChange({ team: event.target.value || null, membership: event.target.value ? (rule.membership ?? "member") : null })}
            />
          </span>
          {rule.team ? (
            <span className="w-[112px]">
              <ChoiceField
                aria-label={name("Membership")}
                value={rule.membership ?? "member"}
                options={MEMBERSHIP_CHOICES}
                onChange={(event) => onChange({ membership: event.target.value === "owner" ? "owner" : "member" })}
              />
            </span>
          ) : null}
          <span className="muted">and</span>
          <span className="w-[144px]">
            <ChoiceField
              aria-label={name("Role")}
              value={rule.role ?? ""}
              options={ROLE_CHOICES}
              onChange={(event) => onChange({ role: ROLES.find((one) => one === event.target.value) ?? null })}
            />
          </span>
        </div>
        {problem ? (
          <span className="caption t-danger pl-7" id={`rule-${number}-problem`} role="alert">
            {problem}
          </span>
        ) : null}
      </div>
    </li>
  );
}
