/** Pairs of contents made to be hard to compare, by seed: any size within the limits, any script, any way to differ. */
import type { Block, Content } from '../src/content/types.js';
import { type Draw, draws } from './generate.js';

/** UTF-8 bytes of a body and of a block that a pair stays well below. */
const mostBytes = 1_000_000;
const mostInBlock = 60_000;

export interface OddPair {
  before: Content;
  after: Content;
  /** What it is, in a few words. */
  told: string;
}

const alphabets: { name: string; letters: string; spaced: boolean; bytes: number }[] = [
  { name: 'latin', letters: 'abcdefghijklmnopqrstuvwxyzäéñ', spaced: true, bytes: 1 },
  { name: 'cyrillic', letters: 'абвгдежзиклмнопрстуфхцчшщыьэюя', spaced: true, bytes: 2 },
  { name: 'arabic', letters: 'ابتثجحخدذرزسشصضطظعغفقكلمنهوي', spaced: true, bytes: 2 },
  { name: 'devanagari', letters: 'अआइईउऊकखगघचछजझटठडढणतथदधनपफबभमयरलवशषसह', spaced: true, bytes: 3 },
  { name: 'thai', letters: 'กขคงจฉชซญดตถทธนบปผฝพฟภมยรลวสหอฮะาิีึืุูเแโไ', spaced: false, bytes: 3 },
  {
    name: 'han',
    letters: '渡轮今天早上九点离开港口没有人挥手告别的一是不了在人我他这中大来国到说们为子和你地出道也时年',
    spaced: false,
    bytes: 3,
  },
  { name: 'marks', letters: '.,;:!?()“”—…', spaced: false, bytes: 2 },
];

export function oddPair(seed: number): OddPair {
  const draw = draws(seed);
  const upTo = (most: number) => Math.floor(draw() * most);
  const log = (most: number) => Math.max(1, Math.floor(most ** draw()));
  const alphabet = alphabets[draw() < 0.5 ? 0 : upTo(alphabets.length)]!;
  const words = Array.from({ length: log(4000) }, () => wordOf(alphabet.letters, 1 + upTo(8), draw));
  const zipf = draw() < 0.5;
  const word = () => words[zipf ? Math.floor(words.length ** draw()) - 1 : upTo(words.length)]!;
  const blocks = log(2000);
  const bytes = Math.min(log(mostBytes), blocks * mostInBlock);
  const perBlock = Math.max(1, Math.floor(bytes / blocks / alphabet.bytes) - (blocks > 500 ? 60 : 0));
  const sentence = 1 + log(30);
  const text = (): string => {
    let [made, count] = ['', 0];
    while (made.length < perBlock) {
      const next = word();
      made += (made === '' || !alphabet.spaced ? '' : ' ') + next;
      if (++count % sentence === 0) made += alphabet.spaced ? '.' : ' ';
    }
    return made.slice(0, perBlock);
  };
  const before = Array.from({ length: blocks }, text);
  const ways = ['unrelated', 'edited', 'shuffled', 'sentences shuffled', 'cut and joined', 'all at once'];
  const way = ways[upTo(ways.length)]!;
  const rate = draw() ** 3;
  const all = way === 'all at once';
  let after = [...before];
  if (way === 'unrelated') after = before.map(text);
  if (way === 'edited' || all) after = after.map((text) => edited(text, rate, word, draw));
  if (way === 'shuffled' || all) after = shuffled(after, rate, draw);
  if (way === 'sentences shuffled' || all) {
    const sentences = shuffled(
      after.flatMap((text) => text.match(/[^.]*\.\s?|[^.]+$/g) ?? []),
      rate,
      draw,
    );
    const each = Math.ceil(sentences.length / blocks);
    after = Array.from({ length: blocks }, (_, i) =>
      sentences
        .slice(i * each, (i + 1) * each)
        .join('')
        .slice(0, mostInBlock / alphabet.bytes),
    );
  }
  if (way === 'cut and joined' || all) after = cutAndJoined(after, rate, draw).slice(0, 2000);
  const keys = draw() < 0.5;
  return {
    before: contentOf(before, 0),
    after: contentOf(after, keys ? 0 : 5000),
    told: `${way} (${rate.toFixed(2)}), ${alphabet.name}, ${blocks} blocks, ${bytes} bytes, ${words.length} words, ${sentence} a sentence`,
  };
}

const wordOf = (letters: string, length: number, draw: Draw): string =>
  Array.from({ length }, () => letters[Math.floor(draw() * letters.length)]!).join('');

function edited(text: string, rate: number, word: () => string, draw: Draw): string {
  if (draw() < 0.3) return text;
  return text
    .split(' ')
    .flatMap((one) => (draw() >= rate ? [one] : draw() < 0.3 ? [] : draw() < 0.5 ? [word()] : [one, word()]))
    .join(' ')
    .slice(0, text.length);
}

function shuffled<T>(list: readonly T[], rate: number, draw: Draw): T[] {
  const made = [...list];
  for (let i = made.length - 1; i > 0; i--) {
    if (draw() >= rate) continue;
    const j = Math.floor(draw() * (i + 1));
    [made[i], made[j]] = [made[j]!, made[i]!];
  }
  return made;
}

function cutAndJoined(texts: readonly string[], rate: number, draw: Draw): string[] {
  const made: string[] = [];
  for (const text of texts) {
    const at = draw();
    if (at < rate / 2 && text.length > 2) made.push(text.slice(0, text.length >> 1), text.slice(text.length >> 1));
    else if (at < rate && made.length > 0 && made.at(-1)!.length + text.length < 20_000)
      made.push(`${made.pop()} ${text}`);
    else made.push(text);
  }
  return made;
}

const contentOf = (texts: readonly string[], firstKey: number): Content => ({
  fields: { headline: 'Odd' },
  statements: [],
  body: texts.map(
    (text, i) =>
      ({
        _type: 'block',
        _key: `k${firstKey + i}`,
        style: 'normal',
        children: [{ _type: 'span', text: text.toWellFormed(), marks: [] }],
        markDefs: [],
      }) as Block,
  ),
});
