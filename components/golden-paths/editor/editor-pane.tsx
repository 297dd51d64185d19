"use client";

import { Ellipsis, Pencil, Trash2 } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useMemo, useState } from "react";
import { CodeEditor } from "@/components/editor/code-editor";
import type { EditorLanguage } from "@/components/editor/props";
import { Button } from "@/components/ui/button";
import { TextDiff } from "@/components/ui/diff";
import { Empty } from "@/components/ui/empty";
import { diffLines } from "@/lib/core/line-diff";
import type { DraftFile, PathFinding } from "@/lib/golden-paths/contract";
import type { OpenText, SaveState } from "./draft-store";

interface Props {
  file: DraftFile;
  open: OpenText | undefined;
  findings: PathFinding[];
  save: SaveState;
  goTo: { line: number } | null;
  onEdit: (text: string) => void;
  onRename: () => void;
  onDelete: () => void;
}

const SAVE_WORDS = { saved: "saved", waiting: "not saved yet", saving: "saving…", failed: "not saved", conflict: "not saved" };
const LANGUAGES: Record<string, EditorLanguage> = { yaml: "yaml", yml: "yaml", json: "json" };

function languageOf(path: string): EditorLanguage {
  return LANGUAGES[/\.([a-z]+)(\.njk)?$/i.exec(path)?.[1]?.toLowerCase() ?? ""] ?? "plain";
}

/** One file of the draft: its text, or what changed in it. */
export function EditorPane({ file, open, findings, save, goTo, onEdit, onRename, onDelete }: Props) {
  const [view, setView] = useState<"edit" | "diff">("edit");
  const [text, base] = [open?.text ?? null, open?.base ?? null];
  const changed = useMemo(() => (text !== null && base !== null && text.length + base.length < 400_000 ? changedLines(base, text) : []), [text, base]);
  const remarks = useMemo(() => findings.filter((finding) => finding.file === file.path), [findings, file.path]);
  const isTemplate = file.path === "template.yaml";
  return (
    <section className="pe-edit" aria-label="Editor">
      <div className="pe-bar">
        <span className="mono truncate" title={file.path}>
          {file.path}
        </span>
        <span className="muted nowrap" role="status">
          {file.state === "removed" ? "deleted in this draft" : SAVE_WORDS[save.at]}
        </span>
        <span className="grow" />
        <span className="btn-group" role="group" aria-label="View">
          <Button size="sm" aria-pressed={view === "edit"} onClick={() => setView("edit")}>
            Edit
          </Button>
          <Button size="sm" aria-pressed={view === "diff"} onClick={() => setView("diff")}>
            Diff
          </Button>
        </span>
        {isTemplate || file.state === "removed" ? null : <FileMenu path={file.path} onRename={onRename} onDelete={onDelete} />}
      </div>
      <div className="pe-text">
        {!open ? (
          <div className="skel m-4 h-40" aria-hidden />
        ) : view === "diff" ? (
          <TextDiff label={`Changes of ${file.path}`} before={base ?? ""} after={text ?? ""} />
        ) : text === null ? (
          <NoText file={file} />
        ) : (
          <CodeEditor
            key={file.path}
            label={file.path}
            value={text}
            onChange={onEdit}
            language={languageOf(file.path)}
            diagnostics={remarks}
            changedLines={changed}
            goTo={goTo}
            height="fill"
          />
        )}
      </div>
    </section>
  );
}

function changedLines(base: string, text: string): number[] {
  return diffLines(base, text).flatMap(({ kind, after }) => (kind === "added" && after !== null ? [after] : []));
}

function NoText({ file }: { file: DraftFile }) {
  if (file.state === "removed")
    return <Empty title="Deleted in this draft">Diff shows what it held. To bring it back, discard the draft or write it again under the same name.</Empty>;
  return <Empty title="Not text">{`${file.bytes.toLocaleString("en")} bytes. The file goes into repositories as it is; replace it by importing the path with another one.`}</Empty>;
}

function FileMenu({ path, onRename, onDelete }: { path: string; onRename: () => void; onDelete: () => void }) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <Button variant="icon" size="sm" aria-label={`More for ${path}`} title="More">
          <Ellipsis className="i" aria-hidden />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu-pop float" align="end" sideOffset={4}>
          <DropdownMenu.Item asChild onSelect={onRename}>
            <button type="button">
              <Pencil className="i" aria-hidden />
              Rename or move
            </button>
          </DropdownMenu.Item>
          <DropdownMenu.Separator asChild>
            <hr className="rule" />
          </DropdownMenu.Separator>
          <DropdownMenu.Item asChild onSelect={onDelete}>
            <button type="button" className="t-danger">
              <Trash2 className="i" aria-hidden />
              Delete file
            </button>
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
