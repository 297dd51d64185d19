/** The pool that src/server.js opened; the build has none. */
const pool = () => globalThis.databasePool;

/** The last twenty greetings, newest first. */
export async function latestGreetings() {
  const { rows } = await pool().query("select id, text from greetings order by id desc limit 20");
  return rows;
}

export async function keepGreeting(text) {
  const { rows } = await pool().query("insert into greetings (text) values ($1) returning id, text", [text]);
  return rows[0];
}
