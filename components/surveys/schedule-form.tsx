"use client";

import { useRouter } from "next/navigation";
import type { FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { useToast } from "@/components/ui/toast";
import { useSubmit } from "@/components/ui/use-submit";
import { day as dayWords } from "@/lib/core/format";
import { scheduleSurveys } from "@/lib/surveys/actions";

export function ScheduleForm({ day, next }: { day: number; next: string | null }) {
  const { pending, errors, message, submit } = useSubmit();
  const router = useRouter();
  const toast = useToast();
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get("day") ?? "").trim();
    void submit(
      () => scheduleSurveys({ day: typed === "" ? Number.NaN : Number(typed) }),
      (saved) => {
        toast(saved.day ? `Surveys open on day ${saved.day} of each month.` : "The monthly survey is switched off.");
        router.refresh();
      },
    );
  };
  return (
    <form className="stack-4" onSubmit={save} noValidate>
      <Field
        id="day"
        label="Day of the month"
        help={next ? `The next survey opens on ${dayWords(next, true)}, at 9:00.` : "The monthly survey is switched off."}
        error={errors.day}
      >
        <input {...fieldProps("day", errors.day, true)} className="input max-w-[96px]" inputMode="numeric" defaultValue={String(day)} autoComplete="off" />
      </Field>
      {message ? <Notice tone="danger">{message}</Notice> : null}
      <div className="line">
        <Button type="submit" pending={pending}>
          Save day
        </Button>
        <span className="caption">1 to 28; 0 for none</span>
      </div>
    </form>
  );
}
