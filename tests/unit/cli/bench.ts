import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { builtCommandLine, type CommandLine, type Ended, type Program } from "./command-line";
import { type ContractPortal, contractPortal, TOKEN } from "./contract-portal";

/** The bundled command line for a test file, and a fresh portal for each test. */
export function useCommandLine() {
  let commandLine: CommandLine | null = null;
  let portal: ContractPortal | null = null;
  const there = <T>(one: T | null): T => {
    if (!one) throw new Error("not started yet");
    return one;
  };
  beforeAll(async () => {
    commandLine = await builtCommandLine();
  });
  afterAll(() => commandLine?.remove());
  beforeEach(async () => {
    portal = await contractPortal();
  });
  afterEach(() => portal?.close());
  /** Signed in by token; what `env` says comes last. */
  const signedIn = (env: Record<string, string> = {}) => ({ WAYMARK_URL: there(portal).url, WAYMARK_TOKEN: TOKEN, ...env });
  return {
    portal: () => there(portal),
    commandLine: () => there(commandLine),
    run: (program: Program, args: string[], env?: Record<string, string>): Promise<Ended> => there(commandLine).run(program, args, signedIn(env)),
    start: (program: Program, args: string[], env?: Record<string, string>) => there(commandLine).start(program, args, signedIn(env)),
  };
}
