"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useEffect } from "react";
import { ChoiceLinks } from "@/components/ui/choice-links";
import { LANGUAGE_COOKIE } from "@/lib/surveys/contract-languages";

const YEAR_S = 31_536_000;

interface Props {
  /** Those to choose from, the original first. */
  languages: { code: string; name: string }[];
  language: string;
}

/** Languages of the questions as addresses of this page. This browser keeps a choice, so that the next question comes in the same one. */
export function LanguageSwitch({ languages, language }: Props) {
  const pathname = usePathname();
  const parameters = useSearchParams();
  const isChosen = parameters.get("lang") === language;
  useEffect(() => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store is not there over http
    if (isChosen) document.cookie = `${LANGUAGE_COOKIE}=${language}; path=/; max-age=${YEAR_S}; samesite=lax`;
  }, [isChosen, language]);
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
