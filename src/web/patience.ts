/** How long the service waits for clients. All in milliseconds. */

export interface Patience {
  /** For the headers of a request. */
  headers: number;
  /** For all of a request. */
  request: number;
  /** For an answer to be taken, but for the stream of changes, which has beats of its own. */
  answer: number;
  /** How often it is looked who is late with headers or a request. */
  look: number;
  /** For a client that was refused to hang up. */
  goodbye: number;
}

export const patience: Patience = { headers: 10_000, request: 30_000, answer: 120_000, look: 2_000, goodbye: 1_000 };
