import { EXIT, Exit } from "./exit";
import { tell } from "./terminal";

/** Runs a command and ends the process with its exit code; every message of a failure goes to standard error. */
export async function runMain(main: () => Promise<void>): Promise<void> {
  // Whoever reads the output may have seen enough, as `head` does.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? EXIT.done : EXIT.failed));
  try {
    await main();
    process.exitCode = EXIT.done;
  } catch (error) {
    const known = error instanceof Exit;
    const message = known ? error.message : `Something unexpected happened: ${error instanceof Error ? error.message : String(error)}`;
    if (message) tell(message);
    process.exitCode = known ? error.code : EXIT.failed;
  }
}
