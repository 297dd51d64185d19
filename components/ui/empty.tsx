import type { ReactNode } from "react";

/** What this is for, why it is empty, and the one next step. */
export function Empty({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      <p className="muted">{children}</p>
      {action ? <div className="line">{action}</div> : null}
    </div>
  );
}
