"use client";

import { useState } from "react";

/** An example: replace it with what your application is for. */
export function GreetingForm({ greetings }) {
  const [shown, setShown] = useState(greetings);
  const [problem, setProblem] = useState(null);

  async function greet(event) {
    event.preventDefault();
    const form = event.currentTarget;
    const response = await fetch("/api/greetings", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ name: new FormData(form).get("name") }) }).catch(() => null);
    const answer = (await response?.json().catch(() => null)) ?? { detail: "The server cannot be reached. Try again in a moment." };
    setProblem(response?.ok ? null : answer.detail);
    if (!response?.ok) return;
    setShown((before) => [answer, ...before].slice(0, 20));
    form.reset();
  }

  return (
    <section aria-labelledby="greetings">
      <h2 id="greetings">Greetings</h2>
      <form onSubmit={greet}>
        <label htmlFor="name">Whom to greet</label>
        <div className="row">
          <input id="name" name="name" required maxLength={80} autoComplete="off" />
          <button type="submit">Greet</button>
        </div>
      </form>
      {problem && <p role="alert">{problem}</p>}
      {shown.length === 0 ? (
        <p className="empty">Nobody has been greeted yet.</p>
      ) : (
        <ul>
          {shown.map(({ id, text }) => (
            <li key={id}>{text}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
