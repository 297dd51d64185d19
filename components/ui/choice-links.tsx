import { Link } from "@/components/ui/link";

/** A few choices that live in the address, side by side. */
export function ChoiceLinks({ label, choices }: { label: string; choices: { label: string; href: string; current: boolean; title?: string; lang?: string }[] }) {
  return (
    <nav className="btn-group" aria-label={label}>
      {choices.map((choice) => (
        <Link key={choice.href} className="btn btn-sm" href={choice.href} scroll={false} title={choice.title} lang={choice.lang} aria-current={choice.current ? "true" : undefined}>
          {choice.label}
        </Link>
      ))}
    </nav>
  );
}
