"use client";

import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { useToast } from "@/components/ui/toast";
import { usePart } from "@/components/ui/use-part";
import { useSubmit } from "@/components/ui/use-submit";
import { day } from "@/lib/core/format";
import { setSurveyPreferences } from "@/lib/surveys/actions";
import type { Preferences } from "@/lib/surveys/contract";

const loadConfirm = () => import("@/components/ui/confirm").then((module) => module.ConfirmDialog);

/** Puts the survey off, or says that none shall ask. `later` is the day to offer; null where the survey closes before. */
export function AskMe({ preferences, later }: { preferences: Preferences; later: string | null }) {
  const { Part: Confirm, part, trigger } = usePart(loadConfirm, "dialog");
  const { pending, message, submit } = useSubmit();
  const router = useRouter();
  const toast = useToast();
  const say = (choice: Partial<Preferences>, words: string) =>
    submit(
      () => setSurveyPreferences(choice),
      () => {
        toast(words);
        router.refresh();
      },
    );
  const optOut = async () => {
    const result = await setSurveyPreferences({ isOptedOut: true });
    if (!result.ok) return result.error.message;
    toast("No survey will ask you.");
    router.refresh();
    return null;
  };
  const { isOptedOut, snoozedUntil } = preferences;
  if (isOptedOut) {
    return (
      <section className="stack">
        <h2>No survey asks you</h2>
        <p className="muted">You opted out. A survey that had asked you before stays open to you.</p>
        <div className="line">
          <Button size="sm" pending={pending} onClick={() => say({ isOptedOut: false }, "The next survey asks you again.")}>
            Ask me again
          </Button>
        </div>
      </section>
    );
  }
  return (
    <section className="stack">
      <h2>{later || snoozedUntil ? "Not now?" : "No more surveys?"}</h2>
      {snoozedUntil ? <p className="muted">You are reminded on {day(snoozedUntil, true)}.</p> : null}
      <div className="line wrap">
        {snoozedUntil ? (
          <Button size="sm" pending={pending} onClick={() => say({ snoozedUntil: null }, "You get the usual reminders.")}>
            Take back
          </Button>
        ) : null}
        {later && !snoozedUntil ? (
          <Button size="sm" pending={pending} onClick={() => say({ snoozedUntil: later }, `You are reminded on ${day(later, true)}.`)}>
            Remind me on {day(later)}
          </Button>
        ) : null}
        <Button size="sm" {...trigger}>
          Never ask me
        </Button>
      </div>
      {message ? (
        <p className="caption t-danger" role="alert">
          {message}
        </p>
      ) : null}
      {Confirm ? (
        <Confirm open={part.open} onOpenChange={part.onOpenChange} title="Never be asked?" confirmLabel="Never ask me" onConfirm={optOut}>
          No survey asks you and nothing reminds you, until you take it back on this page. Nobody is told.
        </Confirm>
      ) : null}
    </section>
  );
}
