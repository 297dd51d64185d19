/** How many jobs run at once. Throws an Error whose message is one line saying what is expected. */
export function readConcurrency(value = "${{ values.concurrency }}") {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= 50) return number;
  throw new Error(`CONCURRENCY is ${JSON.stringify(value)}; expected a whole number from 1 to 50.`);
}
