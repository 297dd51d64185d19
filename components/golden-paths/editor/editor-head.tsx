"use client";

import { Ellipsis, Play, Rocket } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import type { GoldenPathDraft } from "@/lib/golden-paths/contract";

/** What is edited: the platform team's draft of a path, or a change that a team proposes. */
export type Edited = { kind: "draft" } | { kind: "proposal"; id: string; title: string; href: string };

interface Props {
  draft: GoldenPathDraft;
  edited: Edited;
  isDryRunning: boolean;
  isStartingTest: boolean;
  onDryRun: () => void;
  onTestRun: () => void;
  /** Publish, or submit for review. */
  onFinish: () => void;
  onDiscard: () => void;
}

export function EditorHead({ draft, edited, isDryRunning, isStartingTest, onDryRun, onTestRun, onFinish, onDiscard }: Props) {
  return (
    <div className="pe-head">
      <h1>{draft.name}</h1>
      {edited.kind === "draft" ? <span className="badge">Draft {draft.suggestedVersion}</span> : <span className="badge">Proposal</span>}
      <span className="muted truncate desk">
        {edited.kind === "proposal" ? `${edited.title}, ` : ""}
        {draft.baseVersion ? `based on ${draft.baseVersion}` : "a new path"}
      </span>
      <span className="grow" />
      <Menu draft={draft} edited={edited} onDiscard={onDiscard} />
      <Button onClick={onDryRun} pending={isDryRunning}>
        <Play className="i" aria-hidden />
        Dry run
      </Button>
      <Button onClick={onTestRun} pending={isStartingTest}>
        <Rocket className="i" aria-hidden />
        Test run
      </Button>
      <Button variant="primary" onClick={onFinish}>
        {edited.kind === "draft" ? `Publish ${draft.suggestedVersion}` : "Submit for review"}
      </Button>
    </div>
  );
}

function Menu({ draft, edited, onDiscard }: Pick<Props, "draft" | "edited" | "onDiscard">) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <Button variant="icon" aria-label={`More for this ${edited.kind}`} title="More">
          <Ellipsis className="i" aria-hidden />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu-pop float" align="end" sideOffset={4}>
          {edited.kind === "proposal" ? (
            <DropdownMenu.Item asChild>
              <Link href={edited.href}>Reason and discussion</Link>
            </DropdownMenu.Item>
          ) : (
            <>
              <DropdownMenu.Item asChild>
                <a href={`/api/v1/golden-paths/${draft.name}/archive?draft=1&format=zip`}>Export as .zip</a>
              </DropdownMenu.Item>
              <DropdownMenu.Item asChild>
                <a href={`/api/v1/golden-paths/${draft.name}/archive?draft=1`}>Export as .tar.gz</a>
              </DropdownMenu.Item>
              <DropdownMenu.Separator asChild>
                <hr className="rule" />
              </DropdownMenu.Separator>
              <DropdownMenu.Item asChild onSelect={onDiscard}>
                <button type="button" className="t-danger">
                  Discard draft
                </button>
              </DropdownMenu.Item>
            </>
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
