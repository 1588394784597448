import { describe, expect, test } from '@jest/globals';
import type { Instant } from '../story/instant.js';
import { detailBeside, detailFor, full, timeText } from './times.js';

const at = (time: string) => `2026-05-14T${time}Z` as Instant;
const told = (...times: string[]) => {
  const instants = times.map(at);
  const detail = detailFor(instants, 'UTC');
  return instants.map((instant) => timeText(instant, 'UTC', detail));
};

describe('times', () => {
  test('are told as finely as sets them apart, and no finer', () => {
    expect(told('11:27:05.120', '11:30:00.000')).toEqual(['11:27', '11:30']);
    expect(told('11:27:05.120', '11:27:09.000')).toEqual(['11:27:05', '11:27:09']);
    expect(told('11:27:05.120', '11:27:05.998')).toEqual(['11:27:05.120', '11:27:05.998']);
  });

  test('beside another need seconds only within the same minute', () => {
    const beside = (time: string, other: string) => timeText(at(time), 'UTC', detailBeside(at(time), at(other), 'UTC'));
    expect(beside('11:27:05.120', '11:28:00.000')).toBe('11:27');
    expect(beside('11:27:05.120', '11:27:41.003')).toBe('11:27:05');
    expect(beside('11:27:05.120', '11:27:05.121')).toBe('11:27:05.120');
  });

  test('are told to the millisecond where that is what counts', () => {
    expect(timeText(at('11:27:05.120'), 'Europe/Berlin', { ...full, exact: true })).toBe(
      'Thursday 14 May 2026, 13:27:05.120 CEST',
    );
  });
});
