import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

const ICONS = { info: Info, warning: TriangleAlert, danger: CircleAlert };

export function Notice({ tone, children, action }: { tone: keyof typeof ICONS; children: ReactNode; action?: ReactNode }) {
  const Icon = ICONS[tone];
  return (
    <div className={`notice ${tone}`} role={tone === "danger" ? "alert" : "status"}>
      <Icon className="i" aria-hidden />
      <div className="grow">{children}</div>
      {action}
    </div>
  );
}
