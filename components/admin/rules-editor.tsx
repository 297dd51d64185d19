"use client";

import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Notice } from "@/components/ui/notice";
import { useToast } from "@/components/ui/toast";
import { useSubmit } from "@/components/ui/use-submit";
import { replaceRules } from "@/lib/identity/actions";
import type { RoleRule } from "@/lib/identity/contract";
import { FreshSignInNotice } from "./fresh-sign-in-notice";
import { RuleLine } from "./rule-line";
import { RulesTest } from "./rules-test";

type Line = RoleRule & { key: string };
let made = 0;
const lineOf = (rule: RoleRule): Line => ({ ...rule, key: `rule-${made++}` });
const NEW: RoleRule = { match: "exact", value: "", role: null, team: null, membership: null };
const ruleOf = ({ key: _key, ...rule }: Line): RoleRule => rule;

/** The ordered list as a whole: it is saved at once or not at all. */
export function RulesEditor({ stored, teams }: { stored: RoleRule[]; teams: { name: string; title: string }[] }) {
  const [lines, setLines] = useState<Line[]>(() => stored.map(lineOf));
  const { pending, errors, message, submit } = useSubmit();
  const router = useRouter();
  const toast = useToast();
  const rules = lines.map(ruleOf);
  const changed = JSON.stringify(rules) !== JSON.stringify(stored);
  const change = (key: string, part: Partial<RoleRule>) => setLines((all) => all.map((line) => (line.key === key ? { ...line, ...part } : line)));
  const move = (from: number, by: number) =>
    setLines((all) => {
      const next = [...all];
      const [line] = next.splice(from, 1);
      if (line) next.splice(from + by, 0, line);
      return next;
    });
  const save = () =>
    submit(
      () => replaceRules({ rules }),
      () => {
        toast("Saved. The rules count from each person's next sign-in or push.");
        router.refresh();
      },
    );
  const problemOf = (index: number) => Object.entries(errors).find(([path]) => path === `rules.${index}` || path.startsWith(`rules.${index}.`))?.[1];
  return (
    <div className="with-rail">
      <div className="stack-4">
        <div className="table-wrap">
          {lines.length ? (
            <ol className="list">
              {lines.map((line, index) => (
                <RuleLine
                  key={line.key}
                  rule={line}
                  number={index + 1}
                  isLast={index === lines.length - 1}
                  teams={teams}
                  problem={problemOf(index)}
                  onChange={(part) => change(line.key, part)}
                  onMove={(by) => move(index, by)}
                  onRemove={() => setLines((all) => all.filter((one) => one.key !== line.key))}
                />
              ))}
            </ol>
          ) : (
            <Empty title="No rules yet">Without rules everybody who signs in is an engineer without a team. Add one for each group that means something.</Empty>
          )}
        </div>
        {errors.session ? <FreshSignInNotice message={errors.session} returnTo="/admin/role-rules" /> : null}
        {message ? <Notice tone="danger">{message}</Notice> : null}
        <div className="line">
          <Button onClick={() => setLines((all) => [...all, lineOf(NEW)])}>
            <Plus className="i" aria-hidden />
            Add rule
          </Button>
          <Button variant="primary" pending={pending} onClick={save}>
            Save rules
          </Button>
          {changed ? <span className="muted">Not saved yet</span> : null}
        </div>
      </div>
      <RulesTest rules={rules} />
    </div>
  );
}
