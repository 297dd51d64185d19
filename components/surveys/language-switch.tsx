"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useEffect } from "react";
import { ChoiceLinks } from "@/components/ui/choice-links";

const YEAR_S = 31_536_000;

export interface LanguageChoice {
  /** Those to choose from, the original first. */
  languages: { code: string; name: string }[];
  language: string;
  /** The cookie that keeps a choice. */
  keptIn: string;
}

/** Languages of the questions as addresses of this page. This browser keeps a choice, so that the next question comes in the same one. */
export function LanguageSwitch({ languages, language, keptIn }: LanguageChoice) {
  const pathname = usePathname();
  const parameters = useSearchParams();
  const isChosen = parameters.get("lang") === language;
  useEffect(() => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store is not there over http
    if (isChosen) document.cookie = `${keptIn}=${language}; path=/; max-age=${YEAR_S}; samesite=lax`;
  }, [isChosen, language, keptIn]);
  const hrefOf = (code: string) => {
    const next = new URLSearchParams(parameters);
    next.set("lang", code);
    return `${pathname}?${next}`;
  };
  if (languages.length < 2) return null;
  return (
    <ChoiceLinks label="Language of the questions" choices={languages.map(({ code, name }) => ({ label: name, lang: code, href: hrefOf(code), current: code === language }))} />
  );
}
