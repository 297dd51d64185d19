import Link from "next/link";

export interface AdoptionFigures {
  services: number;
  environments: number;
  runs: number;
}

/** How much is made through Waymark, as counts that lead to their rows. */
export function Adoption({ figures }: { figures: AdoptionFigures }) {
  const tiles = [
    { title: "Services made here", value: figures.services, words: "with a repository of their own", href: "/catalog" },
    { title: "Environments now", value: figures.environments, words: "of all teams", href: "/environments?scope=all" },
    { title: "Runs", value: figures.runs, words: "since the start", href: "/runs?scope=all" },
  ];
  return (
    <div className="tiles">
      {tiles.map(({ title, value, words, href }) => (
        <Link key={title} className="tile" href={href}>
          <span className="muted">{title}</span>
          <span className="number">{value}</span>
          <span className="caption">{words}</span>
        </Link>
      ))}
    </div>
  );
}
