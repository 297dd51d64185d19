import { SectionHead } from "@/components/ui/page-head";
import { Time } from "@/components/ui/time";
import { type FormVersion, languageName } from "@/lib/surveys/contract";

/** Every version of the survey: who saved it, when, and what it asks. */
export function FormVersions({ versions, now }: { versions: (FormVersion & { by: string | null })[]; now: string }) {
  return (
    <section>
      <SectionHead title="Versions" />
      <ul className="list bare ruled">
        {versions.map(({ version, items, translations, createdAt, by }) => (
          <li key={version} className="block!">
            <details>
              <summary>
                {version === 0 ? "As Waymark comes" : `Version ${version}`}
                <span className="muted block caption">
                  {createdAt ? (
                    <>
                      {by}, <Time at={createdAt} now={now} />
                    </>
                  ) : (
                    "Until the first change"
                  )}
                </span>
              </summary>
              <ol className="caption mt-2">
                {items.map(({ question, on }) => (
                  <li key={question.item} className={on ? undefined : "muted"}>
                    {question.text}
                    {question.kind === "rotating" ? "" : ` (wording ${question.version}${on ? "" : ", off"})`}
                  </li>
                ))}
              </ol>
              {Object.keys(translations).length ? (
                <p className="caption mt-2">
                  Also in{" "}
                  {Object.keys(translations)
                    .map((code) => languageName(code) ?? code)
                    .join(", ")}
                </p>
              ) : null}
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}
