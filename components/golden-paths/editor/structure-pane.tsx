"use client";

import { CircleAlert, File, FileMinus, FilePlus, Folder as FolderIcon, History, ListOrdered, Plus, TextCursorInput, TriangleAlert } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import type { DraftFile, PathCheck, PathFinding } from "@/lib/golden-paths/contract";
import { type Folder, folderTree, worstOf } from "./file-tree";

interface Props {
  /** Where versions, or reason and discussion, are. */
  more: { href: string; label: string };
  files: DraftFile[];
  check: PathCheck;
  open: string;
  onOpen: (path: string, line?: number) => void;
  onNewFile: () => void;
}

const TEMPLATE = "template.yaml";

/** The parts of a path: its form, its steps, its files, and what came before. */
export function StructurePane({ more, files, check, open, onOpen, onNewFile }: Props) {
  const questions = (check.form ?? []).reduce((sum, page) => sum + Object.keys((page.properties as object | undefined) ?? {}).length, 0);
  const rest = files.filter(({ path }) => path !== TEMPLATE);
  return (
    <nav className="pe-tree" aria-label="Parts of the path">
      <section>
        <h2 className="caption">Definition</h2>
        <FileButton file={files.find(({ path }) => path === TEMPLATE)} label={TEMPLATE} findings={check.findings} open={open} onOpen={onOpen} />
        <button type="button" className="tree" onClick={() => onOpen(TEMPLATE, check.formLine ?? 1)}>
          <TextCursorInput className="i" aria-hidden />
          <span className="truncate">Form</span>
          <span className="caption">{questions}</span>
        </button>
        {check.steps.map((step, index) => (
          <button key={step.id} type="button" className="tree" onClick={() => onOpen(TEMPLATE, step.line)} title={`${step.name}: ${step.action}`}>
            {index === 0 ? <ListOrdered className="i" aria-hidden /> : <span className="i" />}
            <span className="truncate">{step.name}</span>
          </button>
        ))}
      </section>
      <section>
        <div className="line spread">
          <h2 className="caption">Files</h2>
          <Button variant="icon" size="sm" aria-label="New file" title="New file" onClick={onNewFile}>
            <Plus className="i" aria-hidden />
          </Button>
        </div>
        <FolderPart folder={folderTree(rest)} findings={check.findings} open={open} onOpen={onOpen} depth={0} />
      </section>
      <section>
        <h2 className="caption">Path</h2>
        <Link className="tree" href={more.href}>
          <History className="i" aria-hidden />
          <span className="truncate">{more.label}</span>
        </Link>
      </section>
    </nav>
  );
}

interface PartProps {
  findings: PathFinding[];
  open: string;
  onOpen: (path: string) => void;
}

function FolderPart({ folder, depth, ...rest }: PartProps & { folder: Folder; depth: number }) {
  return (
    <ul>
      {folder.folders.map((one) => (
        <li key={one.path}>
          <details open={depth < 1 || rest.open.startsWith(`${one.path}/`)}>
            <summary className="tree">
              <FolderIcon className="i" aria-hidden />
              <span className="truncate">{one.name}</span>
            </summary>
            <FolderPart folder={one} depth={depth + 1} {...rest} />
          </details>
        </li>
      ))}
      {folder.files.map((file) => (
        <li key={file.path}>
          <FileButton file={file} label={file.path.split("/").at(-1) ?? file.path} {...rest} />
        </li>
      ))}
    </ul>
  );
}

const STATES = { same: null, changed: "changed", added: "new", removed: "deleted" };

function FileButton({ file, label, findings, open, onOpen }: PartProps & { file: DraftFile | undefined; label: string }) {
  if (!file) return null;
  const worst = worstOf(findings, file.path);
  const Icon = file.state === "removed" ? FileMinus : file.state === "added" ? FilePlus : File;
  const isOpen = open === file.path;
  return (
    <button type="button" className={isOpen ? "tree on" : "tree"} aria-current={isOpen || undefined} onClick={() => onOpen(file.path)} title={file.path}>
      <Icon className="i" aria-hidden />
      <span className={file.state === "removed" ? "truncate line-through" : "truncate"}>{label}</span>
      {worst === "error" ? <CircleAlert className="i t-danger" aria-label="has errors" /> : null}
      {worst === "warning" ? <TriangleAlert className="i t-warning" aria-label="has warnings" /> : null}
      {STATES[file.state] ? <span className="caption">{STATES[file.state]}</span> : null}
    </button>
  );
}
