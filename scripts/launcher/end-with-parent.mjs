// Loaded into a child with --import: when the launcher is killed without a chance to clean up, its child ends as well.
const POLL_MS = 250;
const parent = Number(new URL(import.meta.url).searchParams.get("parent"));

// Workers of the child load this too; they have another parent and end with theirs.
if (process.ppid === parent) {
  setInterval(() => {
    if (process.ppid !== parent) process.kill(-process.pid, "SIGKILL");
  }, POLL_MS).unref();
}
