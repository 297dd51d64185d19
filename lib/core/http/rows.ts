import { DomainError, isDomainError } from "../errors";

/** Runs the work on rows; where only one document was sent, the paths of its errors are those of the document. */
export async function withRowPaths<T>(rows: unknown[] | null, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (rows?.length !== 1 || !isDomainError(error) || error.fields.length === 0) throw error;
    const own = (path: string) => path.replace(/^items\.0\.?/, "");
    const { retryAfterSeconds, cause } = error;
    throw new DomainError(error.code, error.message.replace(/^items\.0\.?/, ""), {
      fields: error.fields.map(({ path, message }) => ({ path: own(path), message })),
      cause,
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    });
  }
}
