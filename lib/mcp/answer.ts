export interface Answer {
  /** In the shape of the contract. */
  result: object;
  /** One sentence: ids, numbers and states only, nothing that somebody wrote. */
  text: string;
}
