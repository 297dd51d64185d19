"use client";

import { useRouter } from "next/navigation";

interface Props {
  surveys: { id: string; title: string }[];
  current: string;
  data: "live" | "demo";
  kinds: { live: boolean; demo: boolean };
}

/** Which survey is shown, and whether live or demo ones. Both are in the address. */
export function SurveyPicker({ surveys, current, data, kinds }: Props) {
  const router = useRouter();
  return (
    <>
      {kinds.live && kinds.demo ? (
        <label className="select">
          <span className="muted">Data</span>
          <select className="border-0 bg-transparent outline-none" value={data} onChange={(event) => router.push(`/survey/results?data=${event.target.value}`)}>
            <option value="live">Live</option>
            <option value="demo">Demo</option>
          </select>
        </label>
      ) : null}
      <label className="select">
        <span className="muted">Survey</span>
        <select className="border-0 bg-transparent outline-none" value={current} onChange={(event) => router.push(`/survey/results?data=${data}&survey=${event.target.value}`)}>
          {surveys.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}
