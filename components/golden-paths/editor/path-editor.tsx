"use client";

import { useRouter } from "next/navigation";
import { useCallback, useState } from "react";
import type { Values } from "@/components/form/schema-form";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm";
import { Notice } from "@/components/ui/notice";
import { useToast } from "@/components/ui/toast";
import { discardDraft } from "@/lib/golden-paths/actions";
import type { DraftChange, DryRun, FileText, GoldenPathDraft, PathCheck } from "@/lib/golden-paths/contract";
import { ApiProblem, draftServer, type EditorServer, proposalServer } from "./api";
import { ConflictNotice } from "./conflict-notice";
import { EditorFoot } from "./editor-foot";
import { type Edited, EditorHead } from "./editor-head";
import { EditorPane } from "./editor-pane";
import { FileDialog } from "./file-dialog";
import { KeptText } from "./kept-text";
import { PreviewPane, type PreviewView } from "./preview-pane";
import { PublishDialog } from "./publish-dialog";
import { StructurePane } from "./structure-pane";
import { SubmitDialog } from "./submit-dialog";
import { TestRunView } from "./test-run-view";
import { useCheck } from "./use-check";
import { useDraft } from "./use-draft";
import { type TestRuns, useTestRun } from "./use-test-run";

interface Props {
  draft: GoldenPathDraft;
  template: FileText;
  check: PathCheck;
  testRuns: TestRuns;
  edited: Edited;
}

type Pane = "parts" | "text" | "preview";
type Asking = { what: "publish" } | { what: "discard" } | { what: "file"; from: string | null } | { what: "delete"; path: string } | null;

const PANES: [Pane, string][] = [
  ["parts", "Parts"],
  ["text", "Editor"],
  ["preview", "Preview"],
];

/** The editor of a golden path: its parts, one text, and what a developer will see. */
export function PathEditor({ draft: initial, template, check: initialCheck, testRuns, edited }: Props) {
  const [server] = useState(() => (edited.kind === "proposal" ? proposalServer(edited.id) : draftServer(initial.name)));
  const { store, snapshot } = useDraft(initial, [template], server);
  const unsaved = useCallback(() => store.unsaved(), [store]);
  const [path, setPath] = useState(template.path);
  const [goTo, setGoTo] = useState<{ line: number } | null>(null);
  const [pane, setPane] = useState<Pane>("text");
  const [asking, setAsking] = useState<Asking>(null);
  const { check, tookMs, problem } = useCheck(server, initialCheck, snapshot, unsaved, asking?.what === "publish");
  const preview = usePreview(server, unsaved);
  const test = useTestRun(server, testRuns);
  const router = useRouter();
  const toast = useToast();
  const { draft, texts, save } = snapshot;
  const file = draft.files.find((one) => one.path === path) ?? draft.files.find((one) => one.path === template.path);

  const open = (next: string, line?: number) => {
    void store.open(next);
    setPath(next);
    setPane("text");
    if (line !== undefined) setGoTo({ line });
  };
  const nextFinding = () => {
    const at = check.findings.findIndex((finding) => finding.file === path && finding.line > (goTo?.line ?? 0));
    const next = check.findings[at] ?? check.findings.find((finding) => finding.file !== path) ?? check.findings[0];
    if (next) open(next.file, next.line);
  };
  const change = async (one: DraftChange) => {
    if (await store.flush([one])) return null;
    const { save: state } = store.read();
    return "message" in state ? state.message : "It was not saved.";
  };
  const discard = async () => {
    const result = await discardDraft({ name: draft.name, revision: store.read().draft.revision });
    if (!result.ok) return result.error.message;
    router.push(draft.currentVersion ? `/admin/golden-paths/${draft.name}` : "/admin/golden-paths");
    router.refresh();
    return null;
  };
  const remove = async (gone: string) => {
    const refused = await change({ type: "delete", path: gone });
    if (refused === null) open(template.path);
    return refused;
  };
  const published = (version: string) => {
    toast(`${draft.name} ${version} is the current version.`);
    router.push(`/admin/golden-paths/${draft.name}/history`);
    router.refresh();
  };
  const submitted = () => {
    if (edited.kind !== "proposal") return;
    toast("The platform team is asked to review it.");
    router.push(edited.href);
    router.refresh();
  };
  const dryRun = () => {
    setPane("preview");
    void preview.run();
  };
  const testRun = async () => {
    setPane("preview");
    preview.onView("test-run");
    const problems = await test.start(
      () => store.flush(),
      () => store.read().draft.revision,
      preview.values,
    );
    if (Object.keys(problems).length > 0) preview.blame(problems);
  };
  const more =
    edited.kind === "proposal" ? { href: edited.href, label: "Reason and discussion" } : { href: `/admin/golden-paths/${draft.name}/history`, label: "Versions and use" };
  const compareHref = edited.kind === "proposal" ? edited.href : `/admin/golden-paths/${draft.name}/history?from=${encodeURIComponent(draft.baseVersion ?? "")}&to=draft`;
  const finishing = {
    check,
    tests: test.state.tests,
    hasUnsaved: store.unsaved().length > 0,
    onSave: () => store.flush(),
    revision: () => store.read().draft.revision,
    onClose: () => setAsking(null),
  };

  return (
    <div className="path-editor" data-pane={pane}>
      <EditorHead
        draft={draft}
        edited={edited}
        isDryRunning={preview.dryRun.pending}
        isStartingTest={test.state.pending}
        onDryRun={dryRun}
        onTestRun={testRun}
        onFinish={() => setAsking({ what: "publish" })}
        onDiscard={() => setAsking({ what: "discard" })}
      />
      <span className="btn-group pe-panes" role="group" aria-label="Part of the editor">
        {PANES.map(([one, label]) => (
          <Button key={one} aria-pressed={pane === one} onClick={() => setPane(one)}>
            {label}
          </Button>
        ))}
      </span>
      {save.at === "conflict" ? (
        <ConflictNotice theirs={server.file} message={save.message} unsaved={unsaved} onKeepMine={() => store.keepMine()} onTakeTheirs={() => store.takeTheirs()} />
      ) : null}
      <KeptText store={store} />
      {save.at === "failed" ? (
        <div className="pe-notice">
          <Notice
            tone="danger"
            action={
              <Button size="sm" onClick={() => void store.flush()}>
                Save now
              </Button>
            }
          >
            {save.message}
          </Notice>
        </div>
      ) : null}
      <div className="pe-body">
        <StructurePane more={more} files={draft.files} check={check} open={path} onOpen={open} onNewFile={() => setAsking({ what: "file", from: null })} />
        {file ? (
          <EditorPane
            file={file}
            open={texts.get(file.path)}
            findings={check.findings}
            save={save}
            goTo={goTo}
            onEdit={(text) => store.edit(file.path, text)}
            onRename={() => setAsking({ what: "file", from: file.path })}
            onDelete={() => setAsking({ what: "delete", path: file.path })}
          />
        ) : null}
        <PreviewPane
          check={check}
          values={preview.values}
          onValues={preview.onValues}
          errors={preview.errors}
          view={preview.view}
          onView={preview.onView}
          dryRun={preview.dryRun}
          testRun={<TestRunView state={test.state} revision={draft.revision} onStart={testRun} onChanged={test.refresh} />}
        />
      </div>
      <EditorFoot draft={draft} compareHref={compareHref} check={check} tookMs={tookMs} problem={problem} onNextFinding={nextFinding} />
      {asking?.what === "publish" && edited.kind === "proposal" ? <SubmitDialog proposal={edited} {...finishing} onSubmitted={submitted} /> : null}
      {asking?.what === "publish" && edited.kind === "draft" ? <PublishDialog draft={draft} {...finishing} onPublished={published} /> : null}
      {asking?.what === "file" ? <FileDialog from={asking.from} onClose={() => setAsking(null)} onChange={change} onDone={open} /> : null}
      <ConfirmDialog
        open={asking?.what === "discard"}
        onOpenChange={(isOpen) => (isOpen ? undefined : setAsking(null))}
        title={`Discard the draft of ${draft.name}?`}
        confirmLabel="Discard draft"
        onConfirm={discard}
      >
        <p>{`${check.changes.files} changed files are lost. Published versions stay as they are.`}</p>
      </ConfirmDialog>
      {asking?.what === "delete" ? (
        <ConfirmDialog
          open
          onOpenChange={(isOpen) => (isOpen ? undefined : setAsking(null))}
          title={`Delete ${asking.path}?`}
          confirmLabel="Delete file"
          onConfirm={() => remove(asking.path)}
        >
          <p>It goes from the draft; published versions keep it.</p>
        </ConfirmDialog>
      ) : null}
    </div>
  );
}

/** Answers of the preview's form, and the last dry run with them. */
function usePreview(server: EditorServer, unsaved: () => { path: string; text: string }[]) {
  const [values, onValues] = useState<Values>({});
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [view, onView] = useState<PreviewView>("form");
  const [dryRun, setDryRun] = useState<{ result: DryRun | null; problem: string | null; pending: boolean }>({ result: null, problem: null, pending: false });
  /** Shows what is wrong with the answers beside their questions. */
  const blame = (problems: Record<string, string>) => {
    setErrors(problems);
    onView("form");
  };
  const run = async () => {
    setDryRun((before) => ({ ...before, pending: true }));
    try {
      const result = await server.dryRun(values, unsaved());
      setErrors({});
      onView("dry-run");
      setDryRun({ result, problem: null, pending: false });
    } catch (error) {
      const fields = error instanceof ApiProblem ? error.fields.filter((field) => field.path.startsWith("values.")) : [];
      onView("dry-run");
      if (fields.length > 0) blame(Object.fromEntries(fields.map(({ path, message }) => [path.slice("values.".length), message])));
      setDryRun({ result: null, problem: error instanceof ApiProblem ? error.message : "The portal does not answer. Try again.", pending: false });
    }
  };
  return { values, onValues, errors, view, onView, dryRun, run, blame };
}
