import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { SectionHead } from "@/components/ui/page-head";
import type { Preview } from "@/lib/scorecards/contract";
import { LevelMark } from "../level-badge";
import { LevelBar } from "../level-bar";
import { stepNames } from "../words";
import type { Draft } from "./draft";

interface Props {
  draft: Draft;
  preview: Preview | null;
  problem: string | null;
  isStale: boolean;
  entityRef: string;
  onEntityRef: (ref: string) => void;
}

/** What the scorecard would say before it is saved: over all its entities, and of one in particular. */
export function PreviewPane({ draft, preview, problem, isStale, entityRef, onEntityRef }: Props) {
  return (
    <aside className="stack-8 sticky-aside" aria-label="Preview">
      <section className="stack-4" aria-busy={isStale}>
        <SectionHead title="Before it is saved" aside={preview ? `${preview.entities} ${preview.entities === 1 ? "entity" : "entities"}` : null} />
        {problem ? <Notice tone="danger">{problem}</Notice> : null}
        {preview ? <Distribution draft={draft} preview={preview} /> : <p className="muted">Being worked out…</p>}
      </section>
      <section className="stack-4">
        <Field id="entityRef" label="Look at one entity" help="Its reference: each check then says what it would see.">
          <input
            {...fieldProps("entityRef", undefined, true)}
            className="input mono"
            value={entityRef}
            onChange={(event) => onEntityRef(event.target.value)}
            placeholder="component:default/checkout-api"
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
        {preview?.entity ? (
          <div className="line wrap">
            <span className="strong">{preview.entity.title}</span>
            {preview.entity.level && preview.distribution ? <LevelMark level={preview.entity.level} /> : null}
          </div>
        ) : entityRef.trim() && !isStale ? (
          <p className="muted">The scorecard does not apply to it, or there is no such entity.</p>
        ) : null}
      </section>
    </aside>
  );
}

function Distribution({ draft, preview }: { draft: Draft; preview: Preview }) {
  if (preview.entities === 0) return <p className="muted">It would apply to nothing: no entity of the catalog fits the filter. It can be saved all the same.</p>;
  if (draft.checks.length === 0) return <p className="muted">Add a check to see how many would pass.</p>;
  if (!preview.distribution) return <p className="muted">Levels are shown once every condition can be read.</p>;
  const { distribution } = preview;
  return (
    <div className="stack">
      <LevelBar levels={draft.levels} distribution={distribution} />
      <dl className="facts">
        {stepNames(draft.levels)
          .map((name, index) => (
            <div key={name} className="contents">
              <dt>{name}</dt>
              <dd>{distribution[index] ?? 0}</dd>
            </div>
          ))
          .reverse()}
      </dl>
    </div>
  );
}
