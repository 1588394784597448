/** `palimpsest erase`: words taken out of a story for good, after a look at where they stand. Through the running service. */
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { v4 as uuidv4 } from 'uuid';
import type { ChangedAnswer } from '../editing/answer-members.js';
import type { PassagesAnswer } from '../editing/passages-members.js';
import { type ErasureAuthority, erasureAuthorities } from '../story/events.js';
import { type Answered, refusal } from './client.js';
import { type Asking, asked, storyPath } from './options.js';
import { colours, count, note, print, printJson, Stop, shown } from './outcome.js';
import { withService } from './service.js';

interface Erasing extends Asking {
  phrase?: string;
  words?: boolean;
  reference?: { revision: number; name: string }[];
  authority: ErasureAuthority;
  reason?: string;
  force?: boolean;
  replacement?: string;
  yes?: boolean;
  wait: number;
}

export const eraseCommand = (): Command =>
  asked(new Command('erase'), 'standards')
    .description('Erase words from a story for good, wherever they were ever written into it.')
    .argument('<story>', 'its slug or id')
    .option('--phrase <words>', 'words to look for, in any case, over any formatting; - reads them from standard input')
    .option('--words', 'only where the phrase stands as whole words')
    .option('--reference <revision/name>', 'a text, such as 3/headline or 0/body/k9; may be given again', reference)
    .addOption(
      new Option('--authority <authority>', 'on whose order').choices(erasureAuthorities).makeOptionMandatory(),
    )
    .option('--reason <text>', 'for staff; recorded, so without the words themselves')
    .option('--force', 'also what readers are given now or will be, without a corrected version first')
    .option('--replacement <file>', 'JSON of a new version without the words, such as {"headline": "…"}, made first')
    .option('--yes', 'do not ask')
    .addOption(
      new Option('--wait <seconds>', 'how long to wait until no file of the service holds the words')
        .argParser(seconds)
        .default(60),
    )
    .addHelpText(
      'after',
      `
First shows every text that would go, and asks; where nobody can be asked it ends there, unless --yes is given. What
readers are given now is corrected first, with --replacement; with --force they see that something was removed.

A phrase given as an argument stays in the shell's history and is seen in lists of processes; - avoids that.

Ends with 0 when no file of the service holds the words any more, with 1 when it was refused or not confirmed, with 3
when the words are erased for everybody but some file may still hold them.

Examples:
  palimpsest erase harrow-bay-ferry-fire --phrase "Lena Okafor" --authority court-order
  palimpsest erase harrow-bay-ferry-fire --reference 3/standfirst --authority safety --yes --json`,
    )
    .action(run);

async function run(
  story: string,
  {
    phrase: typed,
    words,
    reference: references,
    authority,
    reason,
    force,
    replacement: file,
    yes,
    wait,
    json,
    ...who
  }: Erasing,
): Promise<void> {
  if (typed === undefined && !references) throw new Stop('usage', 'say what: --phrase or --reference');
  const replacement = file === undefined ? undefined : await replacementIn(file);
  const phrase = typed === '-' ? await fromInput() : typed;
  const sought = {
    ...(phrase !== undefined && { phrase }),
    ...(words && { words }),
    ...(references && { references }),
  };
  await withService({ ...who, otherwise: 'standards' }, async (client) => {
    const path = `${storyPath(story)}/erasures`;
    const preview = (await done(client.ask({ method: 'POST', path, body: sought }))).body as PassagesAnswer;
    if (!json) printPreview(preview);
    if (preview.texts.length === 0) throw new Stop('refused', 'there is nothing to erase', preview);
    const mayAsk = !json && process.stdin.isTTY === true;
    if (!yes && !(mayAsk && (await confirmed()))) {
      throw new Stop(
        'refused',
        mayAsk ? 'nothing was erased' : 'nothing was erased: give --yes to erase this',
        preview,
      );
    }
    const order = {
      ...sought,
      token: preview.token,
      authority,
      ...(reason !== undefined && { reason }),
      ...(force && { force }),
      ...(replacement !== undefined && { replacement }),
    };
    // The preview's token says what state of the story was seen.
    const sent = { 'if-match': '*', 'idempotency-key': `erase/${uuidv4()}` };
    const act = () => done(client.ask({ method: 'POST', path, headers: sent, body: order }));
    const erased = await untilComplete(act, wait);
    if (json) printJson({ preview, erased });
    const { erasure } = erased;
    if (erasure?.state === 'pending') {
      throw new Stop(
        'unavailable',
        'nobody is given the words any more, but some file may still hold them; it is tried again',
      );
    }
    if (!json)
      print(`Erased: ${count(preview.texts.length, 'text')}. No file of the service holds the words any more.`);
  });
}

async function done(asking: Promise<Answered>): Promise<Answered> {
  const answer = await asking;
  if (answer.status === 200 || answer.status === 201) return answer;
  // The preview has told what can be done here; the answer speaks of members of a request.
  if ((answer.body as { code?: string }).code === 'shown-to-readers') {
    throw new Stop('refused', 'nothing was erased: readers are given some of this now, or will be', answer.body);
  }
  throw refusal(answer);
}

/** Asks again with the same key, which changes nothing and tells how it stands: each answer waits a little itself. */
async function untilComplete(act: () => Promise<Answered>, wait: number): Promise<ChangedAnswer> {
  const end = Date.now() + wait * 1000;
  for (;;) {
    const answer = (await act()).body as ChangedAnswer;
    if (answer.erasure?.state !== 'pending' || Date.now() >= end) return answer;
  }
}

function printPreview({ story, texts, shownToReaders, correctFirst, alsoHere, elsewhere }: PassagesAnswer): void {
  print(`${colours.bold(story.slug ?? story.id)}: ${count(texts.length, 'text')}, ${shownToReaders} shown to readers`);
  for (const text of texts) {
    const { reference, where, excerpt, versions, inForce, waiting, shown: isShown } = text;
    const marks = [inForce && 'in force', waiting && 'still to come', isShown && 'shown to readers'].filter(Boolean);
    const of = versions.length > 0 ? `version${versions.length > 1 ? 's' : ''} ${ranges(versions)}` : 'no version';
    print('');
    print(
      `  ${colours.bold(shown(`${reference.revision}/${reference.name}`))}  ${where}, ${of}${marks.length ? colours.yellow(`  [${marks.join(', ')}]`) : ''}`,
    );
    if (excerpt) print(`    ${shown(excerpt.before)}${colours.red(shown(excerpt.match))}${shown(excerpt.after)}`);
  }
  if (texts.length > 0) print('');
  if (correctFirst.length > 0)
    note(
      `Given to readers now, or to come: version ${ranges(correctFirst)}. Correct it first, here with --replacement, or use --force.`,
    );
  for (const { reference, where } of alsoHere)
    note(`The same words stand in ${shown(`${reference.revision}/${reference.name}`)} (${where}) too.`);
  for (const other of elsewhere ?? []) note(`They stand in another story too: ${shown(other.slug ?? other.story)}`);
}

/** `1, 2, 3, 7` → `1–3, 7` */
function ranges(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const n of [...numbers].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && n <= last[1] + 1) last[1] = n;
    else runs.push([n, n]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');
}

async function confirmed(): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^(y|yes)$/i.test((await terminal.question('Erase these texts for good? [y/N] ')).trim());
  } finally {
    terminal.close();
  }
}

async function replacementIn(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Stop('usage', `the replacement cannot be read: ${(error as Error).message}`);
  }
}

async function fromInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

function reference(typed: string, before: Erasing['reference'] = []): NonNullable<Erasing['reference']> {
  const match = /^(0|[1-9]\d{0,8})\/(.+)$/.exec(typed);
  if (!match) throw new InvalidArgumentError('Write a revision and a name, such as 3/headline.');
  return [...before, { revision: Number(match[1]), name: match[2]! }];
}

function seconds(typed: string): number {
  if (/^\d{1,6}$/.test(typed)) return Number(typed);
  throw new InvalidArgumentError('Write a number of seconds.');
}
