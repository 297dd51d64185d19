import { X } from "lucide-react";
import { Link } from "@/components/ui/link";

/** Filters that were set by following a link, each with a way to take it back. */
export function FilterChips({ chips }: { chips: { label: string; value: string; href: string }[] }) {
  if (chips.length === 0) return null;
  return (
    <div className="line mb-3">
      {chips.map(({ label, value, href }) => (
        <Link key={label} className="badge" href={href} aria-label={`Remove the filter ${label} ${value}`}>
          {label} <strong>{value}</strong>
          <X className="i" aria-hidden />
        </Link>
      ))}
    </div>
  );
}
