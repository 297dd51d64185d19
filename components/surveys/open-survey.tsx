"use client";

import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { useToast } from "@/components/ui/toast";
import { useSubmit } from "@/components/ui/use-submit";
import { openSurvey } from "@/lib/surveys/actions";

/** Opens a survey now; says why not while one is open or where nobody is there to ask. */
export function OpenSurveyButton({ open }: { open: string | null }) {
  const router = useRouter();
  const toast = useToast();
  const { pending, message, submit } = useSubmit();
  const start = () =>
    submit(
      () => openSurvey({}),
      (survey) => {
        toast(`The ${survey.title} survey is open. ${survey.asked} people were invited.`);
        router.refresh();
      },
    );
  return (
    <div className="stack md:justify-items-end md:max-w-[360px]">
      <Button variant="primary" pending={pending} aria-disabled={open ? true : undefined} aria-describedby={open || message ? "open-survey-why" : undefined} onClick={start}>
        Open survey now
      </Button>
      {message || open ? (
        <span id="open-survey-why" className={message ? "caption t-danger" : "caption"} role={message ? "alert" : undefined}>
          {message ?? `${open} is open; close it first.`}
        </span>
      ) : null}
    </div>
  );
}
