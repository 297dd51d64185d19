import { Check, Eye, X } from "lucide-react";
import { Link } from "@/components/ui/link";
import { wordsFrom } from "@/lib/surveys/contract";

const linesOf = (k: number) => [
  { icon: Check, text: "That you answered and on which day, so nobody asks twice" },
  { icon: Check, text: "Your answers, apart from that and from each other, with your team only" },
  { icon: X, text: "No link between the two, no address, no time" },
  { icon: Eye, text: `Shown after the survey closes, for groups of ${k} or more; words where ${wordsFrom(k)} of a division wrote some` },
];

/** Said above the button of every survey; docs/surveys.md says the same at length. */
export function WhatIsStored({ k }: { k: number }) {
  return (
    <section>
      <h2>What is stored</h2>
      <ul className="list bare ruled mt-2">
        {linesOf(k).map(({ icon: Icon, text }) => (
          <li key={text} className="items-start!">
            <Icon className="i muted mt-0.5" aria-hidden />
            <span>{text}</span>
          </li>
        ))}
      </ul>
      <Link className="link mt-2 inline-block" href="/survey/confidentiality">
        How confidentiality works
      </Link>
    </section>
  );
}
