"use client";

import { useState } from "react";
import { SectionHead } from "@/components/ui/page-head";
import { type Comments, type Question, wordsFrom } from "@/lib/surveys/contract";
import { TagButton } from "./tag-button";

interface Props {
  comments: Comments[];
  questions: Question[];
  survey: string;
  k: number;
  /** The platform team gives themes. */
  mayTag: boolean;
}

/** What people wrote, per division, in random order; to be searched, with the themes that the platform team gave. */
export function CommentsView({ comments, questions, survey, k, mayTag }: Props) {
  const [wanted, setWanted] = useState("");
  const [theme, setTheme] = useState<string | null>(null);
  const themes = themeCounts(comments);
  const asked = (item: string) => questions.find((question) => question.item === item || question.words === item)?.text;
  const fits = (text: string, tags: string[]) => text.toLowerCase().includes(wanted.trim().toLowerCase()) && (theme === null || tags.includes(theme));
  const groups = comments.map((group) => ({
    ...group,
    lines: group.comments.map((text, place) => ({ text, place, tags: group.tags[place] ?? [] })).filter(({ text, tags }) => fits(text, tags)),
  }));
  const found = groups.reduce((sum, { lines }) => sum + lines.length, 0);
  return (
    <section>
      <SectionHead title="In their own words" aside={`Per division, from ${wordsFrom(k)} comments on, in random order`} />
      {comments.length === 0 ? (
        <p className="muted">None to show: fewer than {wordsFrom(k)} in every division that you may see.</p>
      ) : (
        <div className="line wrap mb-4">
          <input
            className="input max-w-[304px]"
            type="search"
            aria-label="Search what people wrote"
            placeholder="Search"
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
          />
          {themes.map(([tag, n]) => (
            <button key={tag} type="button" className="btn btn-sm" aria-pressed={theme === tag} onClick={() => setTheme(theme === tag ? null : tag)}>
              {tag} <span className="muted">{n}</span>
            </button>
          ))}
          <span className="caption" role="status">
            {wanted || theme ? `${found} found` : ""}
          </span>
        </div>
      )}
      <div className="stack-4">
        {groups
          .filter(({ lines }) => lines.length > 0)
          .map((group) => (
            <div key={`${group.item} ${group.node}`} className="panel">
              <div className="panel-head">
                <h3>
                  {group.title} <span className="muted font-normal">{asked(group.item)}</span>
                </h3>
                <span className="muted">{group.lines.length}</span>
              </div>
              <ul className="list">
                {group.lines.map(({ text, place, tags }) => (
                  <li key={place} className="message">
                    <span className="grow min-w-0">{text}</span>
                    {tags.map((tag) => (
                      <span key={tag} className="badge">
                        {tag}
                      </span>
                    ))}
                    {mayTag ? <TagButton at={{ id: survey, item: group.item, node: group.node, place }} tags={tags} text={text} /> : null}
                  </li>
                ))}
              </ul>
            </div>
          ))}
      </div>
    </section>
  );
}

/** Themes with how often they were given, most frequent first. */
function themeCounts(comments: Comments[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const tag of comments.flatMap(({ tags }) => tags.flat())) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
}
