/** How a command ends and what it says: exit codes, colours, progress. Results go to standard output, all else to error. */
import { SingleBar } from 'cli-progress';
import pc from 'picocolors';

/**
 * `refused`: the service said no, or a check found something; `usage`: the command line or a setting is wrong;
 * `unavailable`: the service or its data cannot be reached, so nothing is known; `interrupted`: as shells say it.
 */
export const exitCodes = { ok: 0, refused: 1, usage: 2, unavailable: 3, interrupted: 130 } as const;
export type Ending = Exclude<keyof typeof exitCodes, 'interrupted'>;

/** Ends the command. `answer` is what `--json` prints instead of nothing. */
export class Stop extends Error {
  constructor(
    readonly ending: Ending,
    message: string,
    readonly answer?: unknown,
  ) {
    super(message);
  }
}

/** Colours where a person looks: https://no-color.org and FORCE_COLOR hold, pipes and files get none. */
export const colours = pc.createColors(
  !process.env.NO_COLOR && (Boolean(process.env.FORCE_COLOR) || (process.stdout.isTTY === true && pc.isColorSupported)),
);

export const print = (text: string): void => void process.stdout.write(`${text}\n`);
export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2));
export const note = (text: string): void => void process.stderr.write(`${text}\n`);

/** Control characters in what others wrote would steer the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
export const shown = (text: string): string => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');

/** `2026-05-14T11:27:00.000Z` → `2026-05-14 11:27:00Z`; milliseconds are kept where there are any. */
export const timeText = (instant: string): string => instant.replace('T', ' ').replace('.000Z', 'Z');

export const count = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

export interface Bar {
  at(done: number, total: number | null): void;
  end(): void;
}

/** A bar on a terminal, nothing elsewhere. */
export function progressBar(title: string): Bar {
  if (!process.stderr.isTTY) return { at() {}, end() {} };
  const bar = new SingleBar({ format: `${title} {bar} {value}/{total}`, hideCursor: true, clearOnComplete: true });
  let started = false;
  return {
    at(done, total) {
      if (!started) bar.start(total ?? done, done);
      else bar.setTotal(total ?? done);
      started = true;
      bar.update(done);
    },
    end() {
      if (started) bar.stop();
      started = false;
    },
  };
}
