"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { CodeEditor } from "@/components/editor/code-editor";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/copy-button";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { useToast } from "@/components/ui/toast";
import { useSubmit } from "@/components/ui/use-submit";
import { checkEntities, importEntities } from "@/lib/catalog/actions";
import type { ImportResult } from "@/lib/catalog/contract";
import { ImportAddress } from "./import-address";
import { ImportReport, importSummary } from "./import-report";

type Mode = "paste" | "upload" | "address";
type Files = { name: string; text: string }[];

const MODES: { mode: Mode; label: string }[] = [
  { mode: "paste", label: "Paste" },
  { mode: "upload", label: "Upload files" },
  { mode: "address", label: "Address" },
];
const MAX_BYTES = 900_000;
const EXAMPLE = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: checkout-api\nspec:\n  type: service\n  lifecycle: production\n  owner: checkout\n";

/** Three ways in. What would happen is shown before anything is changed. */
export function ImportForm({ mayReadAddress, teams, onlyCheck = false }: { mayReadAddress: boolean; teams: string[]; onlyCheck?: boolean }) {
  const [mode, setMode] = useState<Mode>("paste");
  return (
    <div className="stack-6">
      <span className="btn-group" role="group" aria-label="Where the documents come from">
        {MODES.filter((one) => !onlyCheck || one.mode !== "address").map((one) => (
          <Button key={one.mode} aria-pressed={mode === one.mode} onClick={() => setMode(one.mode)}>
            {one.label}
          </Button>
        ))}
      </span>
      {mode === "address" ? <ImportAddress mayRead={mayReadAddress} teams={teams} /> : <ImportFiles key={mode} mode={mode} onlyCheck={onlyCheck} />}
    </div>
  );
}

function ImportFiles({ mode, onlyCheck }: { mode: "paste" | "upload"; onlyCheck: boolean }) {
  const [text, setText] = useState("");
  const [files, setFiles] = useState<Files>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const [result, setResult] = useState<{ result: ImportResult; isCheck: boolean } | null>(null);
  const { pending, message, errors, submit } = useSubmit();
  const router = useRouter();
  const toast = useToast();
  const chosen: Files = mode === "paste" ? [{ name: "catalog-info.yaml", text }] : files;

  const isReady = () => {
    const size = chosen.reduce((sum, file) => sum + file.text.length, 0);
    const wrong =
      mode === "upload" && files.length === 0
        ? "Choose at least one file."
        : size === 0
          ? "Paste at least one document."
          : size > MAX_BYTES
            ? "This is more than the page can send at once. Use the command below."
            : null;
    setProblem(wrong);
    return !wrong;
  };
  const check = async (event: FormEvent) => {
    event.preventDefault();
    if (!isReady()) return;
    await submit(
      () => checkEntities({ files: chosen }),
      (checked) => setResult({ result: checked, isCheck: true }),
    );
  };
  const take = () =>
    submit(
      () => importEntities({ files: chosen }),
      (done) => {
        setResult({ result: done, isCheck: false });
        toast(importSummary(done));
        router.refresh();
      },
    );
  const change = (set: () => void) => {
    set();
    setResult(null);
    setProblem(null);
  };
  const wrong = problem ?? errors.files ?? Object.values(errors)[0];
  return (
    <div className="stack-8">
      <form className="stack-4" onSubmit={check} noValidate>
        {mode === "paste" ? (
          <Field id="text" label="Documents" help="One or more Backstage entities, divided by a line of three hyphens." error={wrong}>
            <CodeEditor label="Documents" value={text} onChange={(value) => change(() => setText(value))} language="yaml" diagnostics={result ? remarks(result.result) : []} />
          </Field>
        ) : (
          <Field id="files" label="Files" help="catalog-info.yaml files, and what they refer to with $text. Several at once." error={wrong}>
            <input
              {...fieldProps("files", wrong, true)}
              className="input file"
              type="file"
              multiple
              accept=".yaml,.yml,.json,.md,.graphql,.proto,.txt"
              onChange={async (event) => {
                const list = [...(event.target.files ?? [])];
                const read = await Promise.all(list.map(async (file) => ({ name: file.webkitRelativePath || file.name, text: await file.text() })));
                change(() => setFiles(read));
              }}
            />
          </Field>
        )}
        {message ? <Notice tone="danger">{message}</Notice> : null}
        <div className="line wrap">
          <Button type="submit" variant={result?.isCheck ? "default" : "primary"} pending={pending && !result?.isCheck}>
            Check documents
          </Button>
          {mode === "paste" && !text ? (
            <Button variant="quiet" onClick={() => change(() => setText(EXAMPLE))}>
              Insert an example
            </Button>
          ) : null}
          {!onlyCheck && result?.isCheck && result.result.accepted.length > 0 ? (
            <Button variant="primary" pending={pending} onClick={take}>
              Import {result.result.accepted.length} {result.result.accepted.length === 1 ? "entity" : "entities"}
            </Button>
          ) : null}
        </div>
      </form>
      {result ? <ImportReport {...result} /> : null}
      {onlyCheck ? null : (
        <section className="stack">
          <h2>The same on the command line</h2>
          <CodeBlock code="waymark catalog check ." />
          <CodeBlock code="waymark catalog import ." />
        </section>
      )}
    </div>
  );
}

function remarks({ findings, refused }: ImportResult) {
  const of = (list: ImportResult["findings"], severity: "error" | "warning") => list.map(({ line, message, fix }) => ({ line, severity, message: `${message} ${fix}` }));
  return [...of(refused, "error"), ...of(findings, "warning")];
}
