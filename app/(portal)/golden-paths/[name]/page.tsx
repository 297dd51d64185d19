import type { Metadata } from "next";
import { ProposalsTable } from "@/components/golden-paths/proposals/proposals-table";
import { ProposeChange } from "@/components/golden-paths/proposals/propose-change";
import { VersionsTable } from "@/components/golden-paths/versions-table";
import { Page } from "@/components/layout/page";
import { Blazes } from "@/components/ui/blazes";
import { LinkButton } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/copy-button";
import { PageHead, SectionHead } from "@/components/ui/page-head";
import { duration } from "@/lib/core/format";
import { orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { asSchema } from "@/lib/core/schema-messages";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { type GoldenPath, MAX_CONCEPTS } from "@/lib/golden-paths/contract";
import { getGoldenPath, getVersion, listProposals, listVersions } from "@/lib/golden-paths/queries";

interface Params {
  params: Promise<{ name: string }>;
}

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  return { title: `${(await params).name} · Golden paths` };
}

export default async function GoldenPathPage({ params }: Params) {
  const { name } = await params;
  const ctx = await requireSignedIn();
  const path = await orNotFound(getGoldenPath(ctx, { name }));
  const [{ items }, version, proposals] = await Promise.all([
    listVersions(ctx, { name }),
    getVersion(ctx, { name, version: path.version }),
    listProposals(ctx, { goldenPath: name, limit: 20 }),
  ]);
  const mayEdit = can(ctx.actor, "golden-path.edit");
  const teams = ctx.actor.teams.filter(({ id: teamId }) => can(ctx.actor, "golden-path.propose", { teamId })).map((team) => team.name);
  return (
    <Page crumbs={[{ label: "Golden paths", href: "/golden-paths" }, { label: name }]}>
      <PageHead
        title={path.title}
        sub={path.description}
        meta={
          <>
            <span className="mono">
              {path.name} {path.version}
            </span>
            <span>{path.owner.split("/").at(-1)}</span>
            <span>{path.usual ? `usually ${duration(path.usual.medianMs)}, n = ${path.usual.n}` : "no environments yet"}</span>
          </>
        }
        actions={
          <>
            {mayEdit ? <LinkButton href={`/admin/golden-paths/${name}`}>Edit golden path</LinkButton> : teams.length > 0 ? <ProposeChange name={name} teams={teams} /> : null}
            <LinkButton href={`/environments/new?path=${name}`}>Create environment</LinkButton>
            <LinkButton href={`/services/new?path=${name}`} variant="primary">
              Create service
            </LinkButton>
          </>
        }
      />
      <div className="with-rail">
        <div className="stack-8">
          <section>
            <SectionHead title="What it asks" />
            <Questions path={path} />
          </section>
          <section>
            <SectionHead title="Versions" />
            <VersionsTable versions={items} now={ctx.now.toISOString()} canPublish={false} />
          </section>
          {proposals.items.length > 0 ? (
            <section>
              <SectionHead title="Proposed changes" />
              <ProposalsTable items={proposals.items} total={proposals.total} now={ctx.now.toISOString()} withPath={false} />
            </section>
          ) : null}
        </div>
        <aside className="stack-8">
          <Concepts path={path} />
          <section>
            <SectionHead title="What you get" aside={`up to ${version.writes.length} files`} />
            <ul className="list bare compact">
              {topLevel(version.writes).map((entry) => (
                <li key={entry} className="mono">
                  {entry}
                </li>
              ))}
            </ul>
          </section>
          <section>
            <SectionHead title="From a terminal" />
            <CodeBlock code={`npx create-sandbox --template ${name}`} />
          </section>
        </aside>
      </div>
    </Page>
  );
}

function Concepts({ path }: { path: GoldenPath }) {
  return (
    <section>
      <SectionHead title="Concepts to know" aside={`${path.concepts.length} of ${MAX_CONCEPTS}`} />
      <Blazes on={Math.min(path.concepts.length, MAX_CONCEPTS)} label={`${path.concepts.length} of ${MAX_CONCEPTS} concepts`} />
      <ol className="list bare compact">
        {path.concepts.map((concept) => (
          <li key={concept}>{concept}</li>
        ))}
      </ol>
    </section>
  );
}

function Questions({ path }: { path: GoldenPath }) {
  const questions = path.parameters.flatMap((page) =>
    Object.entries(asSchema(page.properties)).map(([key, raw]) => ({ key, question: asSchema(raw), isRequired: Array.isArray(page.required) && page.required.includes(key) })),
  );
  if (questions.length === 0) return <p className="muted">Nothing.</p>;
  return (
    <dl className="facts">
      {questions.map(({ key, question, isRequired }) => (
        <div key={key} className="contents">
          <dt>{String(question.title ?? key)}</dt>
          <dd>
            {String(question.description ?? (isRequired ? "Required." : "Optional."))}
            {question.default !== undefined && question.default !== "" ? <span className="muted">{` Otherwise ${answerWords(question)}.`}</span> : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** The default as the form shows it. */
function answerWords({ default: value, enum: values, enumNames, oneOf }: Record<string, unknown>): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  const named = Array.isArray(enumNames) && Array.isArray(values) ? enumNames[values.indexOf(value)] : undefined;
  const titled = Array.isArray(oneOf) ? oneOf.map(asSchema).find((one) => one.const === value)?.title : undefined;
  const words = named ?? titled;
  return typeof words === "string" ? words : JSON.stringify(value).replaceAll('"', "");
}

/** The first folders and files of a repository, folders first. */
function topLevel(files: string[]): string[] {
  const entries = [...new Set(files.map((file) => (file.includes("/") ? `${file.split("/")[0]}/` : file)))];
  return [...entries.filter((entry) => entry.endsWith("/")), ...entries.filter((entry) => !entry.endsWith("/"))];
}
