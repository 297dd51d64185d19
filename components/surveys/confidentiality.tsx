import { TEAM_SCORE_ANSWERS, wordsFrom } from "@/lib/surveys/contract";

const partsOf = (k: number): { title: string; lines: string[] }[] => [
  {
    title: "What is stored",
    lines: [
      "In one table: that you were asked, in which team, and the day on which you answered. It is what keeps you from being asked twice.",
      "In another table: the answers. Each answer is a row of its own with the survey, the team and the value. No name, no account, no address, no time, no number that counts up, and nothing that ties your answers to each other.",
      "Words you write keep only the division, not the team.",
      `Until they are shuffled, answers wait encrypted and padded to one length. About every ten minutes, once ${k} have come together, and at the latest when the survey closes, all answers of the survey are written again in random order, and so is the list of who answered.`,
      "The question after a run goes the same way: the box, the shuffle and the rules below are the same, and the run is not stored with the answer.",
      "That you opted out, put a survey off or were asked after a run is stored by day, and shown to nobody but you.",
      "The audit log does not record that you answered, and no hash of what you sent is kept.",
    ],
  },
  {
    title: "What is shown, and to whom",
    lines: [
      "Nothing before the survey closes, except how many of everybody have answered. Results are worked out once, at closing, and cannot be changed afterwards.",
      `Only groups in which at least ${k} people answered and at least ${k} were asked; the platform team can only raise that number, and a survey keeps the one it opened with. If a hidden group could be worked out by subtracting the others from their division, the next smallest is hidden as well.`,
      "Where nearly everybody in a group gave the same answer, that answer is named without numbers, because the numbers would tell what each person said.",
      `A team's score is shown from ${TEAM_SCORE_ANSWERS} answers on; below that, its three bands.`,
      `Words are shown in random order, per division, only where at least ${wordsFrom(k)} people wrote some, and only to those who may see that division's results.`,
      "Everybody sees the organisation's results; members see their team's, managers those of their teams, platform admins all. Nobody sees single answers.",
    ],
  },
  {
    title: "What an operator could still try",
    lines: [
      "Waymark is confidential, not anonymous by mathematics. Somebody with full access to the server could change the program, or watch requests as they arrive. A proxy in front of Waymark may log that a request came and when.",
      "Somebody with the database's write-ahead log or a series of backups, and with the key WAYMARK_SECRET, could open the encrypted answers of the minutes before they were shuffled. Without the key they could not.",
      `Copies of the database taken before and after each shuffle show which answers were added in between. At least ${k} people answered in that time, but a copy tells their teams too.`,
      "Deleted rows stay on disk until Postgres cleans them up; what they hold of answers is encrypted or already shuffled.",
      "Reminders go to those who have not answered. A mail server's log shows who got one, and so had not answered by day 3 or 6.",
      "Somebody who knows that one person joined or left a small group can compare the months before and after. Nothing but larger groups helps against that.",
      "A reader can recognise somebody's way of writing. Name no people, and leave the text empty if you like.",
    ],
  },
];

/** The same in words as docs/surveys.md. */
export function Confidentiality({ k }: { k: number }) {
  return (
    <div className="form stack-6">
      {partsOf(k).map(({ title, lines }) => (
        <section key={title}>
          <h2>{title}</h2>
          <ul className="list bare ruled mt-2">
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
