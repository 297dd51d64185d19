import { SectionHead } from "@/components/ui/page-head";
import { TextField } from "@/components/ui/text-field";
import type { Change, Draft } from "./draft";

/** Which entities it is about. */
export function AppliesFields({ draft, change, errors }: { draft: Draft; change: Change; errors: Record<string, string> }) {
  const errorOf = (name: string) => Object.entries(errors).find(([path]) => path.startsWith(`appliesTo.${name}`))?.[1];
  return (
    <section className="stack-4 form">
      <SectionHead title="Applies to" aside="Several values, separated by commas, mean any of them" />
      <div className="two-fields">
        <TextField
          id="kinds"
          label="Kinds"
          help="Empty = every kind but people and groups."
          value={draft.kinds}
          error={errorOf("kinds")}
          placeholder="component"
          onChange={(kinds) => change({ kinds })}
        />
        <TextField
          id="types"
          label="Types"
          help="Empty = all."
          value={draft.types}
          error={errorOf("types")}
          placeholder="service, website"
          onChange={(types) => change({ types })}
        />
        <TextField
          id="lifecycles"
          label="Lifecycles"
          help="Empty = all."
          value={draft.lifecycles}
          error={errorOf("lifecycles")}
          placeholder="production"
          onChange={(lifecycles) => change({ lifecycles })}
        />
        <TextField
          id="tags"
          label="Tags"
          help="Empty = with any tag or none."
          value={draft.tags}
          error={errorOf("tags")}
          placeholder="tier-1"
          onChange={(tags) => change({ tags })}
        />
      </div>
    </section>
  );
}
