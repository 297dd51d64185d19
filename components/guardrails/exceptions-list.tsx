import { Time } from "@/components/ui/time";
import type { GuardrailException } from "@/lib/guardrails/contract";
import { EndException } from "./end-exception";

/** Teams that are let through for now, with why and until when. */
export function ExceptionsList({ name, exceptions, now, mayEdit }: { name: string; exceptions: GuardrailException[]; now: string; mayEdit: boolean }) {
  if (exceptions.length === 0) return null;
  return (
    <div>
      <h2>Let through for now</h2>
      <ul className="list bare">
        {exceptions.map((one) => (
          <li key={one.id}>
            <div className="grow">
              <span className="strong">{one.team.title}</span>
              <span className="muted block">
                {one.reason} Ends <Time at={one.expiresAt} now={now} />
                {one.grantedBy ? `, granted by ${one.grantedBy}` : ""}.
              </span>
            </div>
            {mayEdit ? <EndException guardrail={name} exception={one} /> : null}
          </li>
        ))}
      </ul>
    </div>
  );
}
