const POLL_MS = 500;

/**
 * Calls `end` once when this process should end: by Ctrl-C, by the system, or because npm is gone. npm runs scripts below a shell
 * that does not pass signals on, so a process without its parent is one that was told to stop.
 */
export function onEnd(end) {
  let told = false;
  const tell = () => {
    if (told) return;
    told = true;
    end();
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, tell);
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event) setInterval(() => process.ppid !== parent && tell(), POLL_MS).unref();
}
