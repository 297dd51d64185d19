import { z } from "zod";
import { addLabels, ensureIssue } from "@/lib/github/repository-settings";
import { githubAction, OnRepository } from "./on-github";

const text = z.string("expected text");
const names = z.array(text, "expected a list of names").default([]);

export const githubIssue = githubAction({
  id: "github:issues:create",
  input: OnRepository.extend({
    title: text.min(1, "expected a title").max(256),
    body: text.max(60_000).default(""),
    assignees: names,
    labels: names,
    milestone: z.coerce.number("expected the number of a milestone").int().optional(),
  }),
  calls: ({ title }, { owner, repo }) => [{ call: `POST /repos/${owner}/${repo}/issues`, detail: `Issue “${title}”.` }],
  example: (_input, { owner, repo }) => ({ issueUrl: `https://github.com/${owner}/${repo}/issues/1`, issueNumber: 1 }),
  run: async ({ input, log, attempt, context }, client, at) => {
    const { title, body, labels, assignees, milestone } = input;
    const mark = `${attempt?.mark ?? context.runId} ${title}`;
    const made = await ensureIssue(client, at, { title, body, labels, assignees, milestone, mark, since: attempt?.since ?? new Date(0), mayBeThere: (attempt?.attempt ?? 1) > 1 });
    log(`Issue ${made.url}`);
    return { issueUrl: made.url, issueNumber: made.number };
  },
});

export const githubLabels = githubAction({
  id: "github:issues:label",
  input: OnRepository.extend({
    number: z.coerce.number("expected the number of an issue").int().min(1),
    labels: z.array(text, "expected a list of labels").min(1, "name at least one label"),
  }),
  calls: ({ number, labels }, { owner, repo }) => [{ call: `POST /repos/${owner}/${repo}/issues/${number}/labels`, detail: `Labels ${labels.join(", ")}.` }],
  run: async ({ input }, client, at) => {
    await addLabels(client, at, input.number, input.labels);
    return undefined;
  },
});
