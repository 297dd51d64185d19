import { DomainError, isDomainError } from "../errors";

/** Runs the work on the rows that each sent document became. The paths of its errors name the document: by its place, or not at all where only one was sent. */
export async function withRowPaths<T>(turned: unknown[][] | null, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!turned || !isDomainError(error) || error.fields.length === 0) throw error;
    const places = turned.flatMap((rows, place) => rows.map(() => place));
    const own = (path: string) => path.replace(/^items\.(\d+)(\.?)/, (_all, at: string, dot: string) => (turned.length === 1 ? "" : `items.${places[Number(at)] ?? at}${dot}`));
    const { retryAfterSeconds, cause } = error;
    throw new DomainError(error.code, own(error.message), {
      fields: error.fields.map(({ path, message }) => ({ path: own(path), message })),
      cause,
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    });
  }
}
