import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromMs, type Instant, msOf } from '../story/instant.js';
import { localInput, readMoment } from './moment.js';

const berlin = 'Europe/Berlin';

describe('a moment that carries its own offset', () => {
  test.each([
    ['2026-05-14T11:30:00+02:00', '2026-05-14T09:30:00.000Z'],
    ['2026-05-14T11:30:00.123456Z', '2026-05-14T11:30:00.123Z'],
    ['2026-05-14 11:30Z', '2026-05-14T11:30:00.000Z'],
    ['2026-05-14T11:30-0330', '2026-05-14T15:00:00.000Z'],
  ])('%s is read as it says', (typed, instant) => expect(readMoment(typed, berlin)).toBe(instant));

  test('survives a link in which nobody escaped the plus sign', () => {
    expect(readMoment('2026-05-14T11:30:00 02:00', 'Asia/Tokyo')).toBe('2026-05-14T09:30:00.000Z');
  });
});

describe('a moment as people type it', () => {
  test.each([
    ['2026-05-14 11:30', berlin, '2026-05-14T09:30:00.000Z'],
    ['2026-05-14T11:30', berlin, '2026-05-14T09:30:00.000Z'],
    [' 2026-01-14 11:30:15 ', berlin, '2026-01-14T10:30:15.000Z'],
    ['2026-05-14', berlin, '2026-05-13T22:00:00.000Z'],
    ['2026-05-14 11:30:00.5', 'UTC', '2026-05-14T11:30:00.500Z'],
    ['2026-05-14 11:30', 'Asia/Kolkata', '2026-05-14T06:00:00.000Z'],
    ['2026-05-14 23:30', 'America/New_York', '2026-05-15T03:30:00.000Z'],
    ['1890-01-01 00:00:00', berlin, '1889-12-31T23:06:32.000Z'],
  ])('%s in %s', (typed, zone, instant) => expect(readMoment(typed, zone)).toBe(instant));

  test('when clocks skip it, is read as if they had not been changed', () => {
    expect(readMoment('2026-03-29 02:30', berlin)).toBe('2026-03-29T01:30:00.000Z');
    expect(readMoment('2026-03-29 01:59:59', berlin)).toBe('2026-03-29T00:59:59.000Z');
    expect(readMoment('2026-03-29 03:00', berlin)).toBe('2026-03-29T01:00:00.000Z');
  });

  test('when clocks show it twice, is the first of the two', () => {
    expect(readMoment('2026-10-25 02:30', berlin)).toBe('2026-10-25T00:30:00.000Z');
    expect(readMoment('2026-10-25 03:00', berlin)).toBe('2026-10-25T02:00:00.000Z');
  });
});

test.each([
  '',
  'yesterday',
  '11:30',
  '2026-02-30',
  '2026-05-14 25:00',
  '14.05.2026',
  '2026-05-14T11:30:00+99:00',
  `2026-05-14${' '.repeat(200)}`,
])('%j is no moment', (typed) => expect(readMoment(typed, berlin)).toBeUndefined());

test('what the form shows is what it is read as, in any zone, but for hours that clocks show twice', () => {
  const zones = fc.constantFrom(
    'UTC',
    berlin,
    'America/St_Johns',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Asia/Kolkata',
  );
  const seconds = fc.integer({ min: msOf('1900-01-01T00:00:00.000Z' as Instant) / 1000, max: 4_000_000_000 });
  fc.assert(
    fc.property(seconds, zones, (second, zone) => {
      const instant = fromMs(second * 1000)!;
      const read = readMoment(localInput(instant, zone), zone)!;
      expect(localInput(read, zone)).toBe(localInput(instant, zone));
      expect(read <= instant).toBe(true);
    }),
    { seed: 20260514 },
  );
});
