import { connection } from "next/server";
import { GreetingForm } from "../components/greeting-form.jsx";
import { about } from "../lib/about.js";
import { latestGreetings } from "../lib/greetings.js";

export default async function Page() {
  await connection();
  const { name, description, version } = about();
  return (
    <>
      <header>
        <h1>{name}</h1>
        {description && <p>{description}</p>}
      </header>
      <GreetingForm greetings={await latestGreetings()} />
      <footer>
        <a href="/healthz">Health</a>
        <a href="/readyz">Readiness</a>
        <span>Version {version}</span>
      </footer>
    </>
  );
}
