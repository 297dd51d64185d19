"use client";

import { useEffect, useState } from "react";

/** What is chosen so far, by item; `comment` is free text. */
export type Draft = Record<string, string>;

const key = (surveyId: string) => `waymark.survey.${surveyId}`;

/** The draft lives in this browser's storage only and is gone when the answers are sent. */
export function useSurveyDraft(surveyId: string) {
  const [draft, setDraft] = useState<Draft>({});
  useEffect(() => {
    setDraft(readDraft(surveyId));
  }, [surveyId]);
  const set = (name: string, value: string) =>
    setDraft((before) => {
      const after = { ...before, [name]: value };
      localStorage.setItem(key(surveyId), JSON.stringify(after));
      return after;
    });
  const forget = () => {
    localStorage.removeItem(key(surveyId));
    sessionStorage.removeItem(key(surveyId));
  };
  return { draft, set, forget };
}

function readDraft(surveyId: string): Draft {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key(surveyId)) ?? "{}");
    if (typeof stored !== "object" || stored === null) return {};
    return Object.fromEntries(Object.entries(stored).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
  } catch {
    return {};
  }
}

/** A random mark per tab: sending again after a lost answer carries the same one, a second tab another. */
export function attemptOf(surveyId: string): string {
  const known = sessionStorage.getItem(key(surveyId));
  if (known) return known;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const made = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  sessionStorage.setItem(key(surveyId), made);
  return made;
}
