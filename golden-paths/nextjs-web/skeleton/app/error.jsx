"use client";

export default function ErrorPage({ error, reset }) {
  return (
    <header>
      <h1>This did not work</h1>
      <p>Try again in a moment. If it stays, tell the team{error.digest ? ` the number ${error.digest}` : ""}.</p>
      <button type="button" onClick={reset}>
        Try again
      </button>
    </header>
  );
}
