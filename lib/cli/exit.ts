export const EXIT = { done: 0, failed: 1, usage: 2, notSignedIn: 3, refused: 4, unreachable: 5, interrupted: 130 } as const;

/** Ends the command with its exit code; the message goes to standard error. */
export class Exit extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
    this.name = "Exit";
  }
}
