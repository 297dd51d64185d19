import type { Question } from "./contract-items";

/** By language, the texts of questions in it, by their original. A translation is no wording: answers and series stay the same. */
export type Translations = Record<string, Record<string, string>>;

/** The language in which questions are worded; the others are translations. */
export const ORIGINAL_LANGUAGE = "en";

/** Languages to choose from; the API takes any other as well. */
export const LANGUAGES = "ar cs da de el es fi fr he hi hu id it ja ko nb nl pl pt ro sv tr uk vi zh".split(" ");

/** `German` in English, `Deutsch` in itself; null for a code that names no language. */
export function languageName(code: string, shownIn = ORIGINAL_LANGUAGE): string | null {
  return /^[a-z]{2,3}(-[A-Z]{2})?$/.test(code) ? (new Intl.DisplayNames([shownIn], { type: "language", fallback: "none" }).of(code) ?? null) : null;
}

/** Every text of a question that can be translated, each once. */
export function textsOf({ kind, text, help, options, ends }: Question): string[] {
  // The scale of a score has numbers only.
  const labels = kind === "nps" ? [] : options.map(({ label }) => label);
  return [...new Set([text, help ?? "", ...labels, ...(ends ?? [])])].filter(Boolean);
}

/** The translations that these questions have, and nothing else. */
export function translationsOf(questions: Question[], translations: Translations): Translations {
  const texts = new Set(questions.flatMap(textsOf));
  const kept = Object.entries(translations).map(([language, table]) => [language, Object.fromEntries(Object.entries(table).filter(([text, said]) => texts.has(text) && said))]);
  return Object.fromEntries(kept.filter(([, table]) => Object.keys(table as object).length > 0));
}

/** The questions as they read in a language, each with the language that its text is in where that is not the original; what is not translated stays as it is. */
export function inLanguage(questions: Question[], translations: Translations, language: string): { question: Question; lang: string | undefined }[] {
  const table = Object.hasOwn(translations, language) ? (translations[language] ?? {}) : {};
  const said = (text: string) => (Object.hasOwn(table, text) ? (table[text] ?? text) : text);
  return questions.map((question) => {
    const { text, help, options, ends } = question;
    const translated = {
      ...question,
      text: said(text),
      options: options.map((option) => ({ ...option, label: said(option.label) })),
      ...(help === undefined ? {} : { help: said(help) }),
      ...(ends === undefined ? {} : { ends: [said(ends[0]), said(ends[1])] as [string, string] }),
    };
    return { question: translated, lang: Object.hasOwn(table, text) ? language : undefined };
  });
}

/** Languages to offer: the original, then those with translations. */
export const offered = (translations: Translations): string[] => [ORIGINAL_LANGUAGE, ...Object.keys(translations).sort()];

/** Where a browser keeps the language that somebody chose for questions. */
export const LANGUAGE_COOKIE = "waymark_questions_language";

/** What is known of the reader's language: the one in the address, the one this browser keeps, the header. */
interface Wishes {
  address: string | string[] | undefined;
  kept: string | undefined;
  accepted: string | null;
}

/** Questions as somebody reads them, with the languages to choose from and the cookie that keeps a choice: in the offered language chosen in the address, else the one chosen before, else the one that the browser prefers. */
export function forReader(questions: Question[], translations: Translations, { address, kept, accepted }: Wishes) {
  const codes = offered(translations);
  const language = codes.find((code) => code === address) ?? codes.find((code) => code === kept) ?? languageFor(accepted, codes);
  const languages = codes.map((code) => ({ code, name: languageName(code, code) ?? code }));
  return { questions: inLanguage(questions, translations, language), languages, language, keptIn: LANGUAGE_COOKIE };
}

/** The offered language that an `Accept-Language` header prefers; the original where it names none of them. */
export function languageFor(accepted: string | null, languages: string[]): string {
  const wanted = (accepted ?? "")
    .slice(0, 1_000)
    .split(",")
    .map((part) => {
      const [code = "", ...parameters] = part.trim().toLowerCase().split(";");
      const weight = Number(/^q=([\d.]+)$/.exec(parameters[0]?.trim() ?? "q=1")?.[1] ?? 0);
      return { code, weight };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  const base = (code: string) => code.toLowerCase().split("-")[0];
  for (const { code } of wanted) {
    const found = languages.find((one) => one.toLowerCase() === code) ?? languages.find((one) => base(one) === base(code));
    if (found) return found;
  }
  return ORIGINAL_LANGUAGE;
}
