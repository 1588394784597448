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
    ['14 May 2026', berlin, '2026-05-13T22:00:00.000Z'],
    ['Thursday 14 May 2026, 13:27 CEST', berlin, '2026-05-14T11:27:00.000Z'],
    ['Wednesday 14 January 2026, 13:27:05.250 CET', berlin, '2026-01-14T12:27:05.250Z'],
    ['14 May, 2026 22:05 GMT+9', berlin, '2026-05-14T13:05:00.000Z'],
    ['14 May 2026, 17:00 GMT+5:30', berlin, '2026-05-14T11:30:00.000Z'],
    ['May 14th, 2026 at 1:05 pm', 'America/New_York', '2026-05-14T17:05:00.000Z'],
    ['Sept. 1 2026, 12:15 a.m.', 'UTC', '2026-09-01T00:15:00.000Z'],
    ['14.5.2026 11:30', berlin, '2026-05-14T09:30:00.000Z'],
    ['14. 05. 2026', berlin, '2026-05-13T22:00:00.000Z'],
    ['Thu, 14 May 2026 11:30:00 GMT', berlin, '2026-05-14T11:30:00.000Z'],
    ['20260514113000', berlin, '2026-05-14T11:30:00.000Z'],
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
  '14.13.2026',
  '5/6/2026',
  '31 June 2026',
  '14 May 2026, 13:00 pm',
  // Clocks in Berlin do not say so in May.
  '14 May 2026, 13:27 CET',
  '14 May 2026, 13:27 EST',
  '20260514',
  '14 May',
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
