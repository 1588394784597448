/** The questions as messages on the QueryBus, each answered by the one History. */
import { Inject, type Type } from '@nestjs/common';
import { Query, QueryHandler, type QueryResult } from '@nestjs/cqrs';
import type { Content } from '../content/types.js';
import type { Rendering } from '../views/comparing-thread.js';
import type {
  AsOfAnswer,
  AuthorshipAnswer,
  CorrectionItem,
  Page,
  StoriesAnswer,
  Told,
  ToldComparison,
  VersionAnswer,
  VersionListAnswer,
} from './answers.js';
import {
  type Asking,
  type AsOf,
  type AuthorshipAsked,
  type CorrectionsAsked,
  HISTORY,
  type History,
  type Side,
  type StoriesAsked,
  type VersionsAsked,
} from './questions.js';
import type { Answer } from './refusals.js';

export class StoryAsOf extends Query<Answer<AsOfAnswer>> {
  constructor(
    readonly viewer: Asking,
    readonly story: string,
    readonly asked: AsOf,
  ) {
    super();
  }
}

export class ReadVersion extends Query<Answer<VersionAnswer>> {
  constructor(
    readonly viewer: Asking,
    readonly story: string,
    readonly version: number,
  ) {
    super();
  }
}

export class ListVersions extends Query<Answer<VersionListAnswer>> {
  constructor(
    readonly viewer: Asking,
    readonly story: string,
    readonly asked: VersionsAsked,
  ) {
    super();
  }
}

export class CompareVersions extends Query<Answer<ToldComparison>> {
  constructor(
    readonly viewer: Asking,
    readonly story: string,
    readonly a: Side,
    readonly b: Side,
    readonly as: Rendering,
  ) {
    super();
  }
}

/** Of contents that the caller holds: nothing is judged here. */
export class CompareContents extends Query<Told> {
  constructor(
    readonly before: Content,
    readonly after: Content,
    readonly as: Rendering,
  ) {
    super();
  }
}

export class ReadAuthorship extends Query<Answer<AuthorshipAnswer>> {
  constructor(
    readonly viewer: Asking,
    readonly story: string,
    readonly asked: AuthorshipAsked,
  ) {
    super();
  }
}

export class ListStories extends Query<Answer<StoriesAnswer>> {
  constructor(
    readonly viewer: Asking,
    readonly asked: StoriesAsked,
  ) {
    super();
  }
}

export class ListCorrections extends Query<Answer<Page<CorrectionItem>>> {
  constructor(
    readonly viewer: Asking,
    readonly asked: CorrectionsAsked,
  ) {
    super();
  }
}

function answeredBy<Q extends Query<unknown>>(
  query: Type<Q>,
  ask: (history: History, query: Q) => Promise<QueryResult<Q>>,
): Type {
  @QueryHandler(query)
  class Handler {
    constructor(@Inject(HISTORY) readonly history: History) {}
    execute = (query: Q) => ask(this.history, query);
  }
  return Handler;
}

export const queryHandlers = [
  answeredBy(StoryAsOf, (history, { viewer, story, asked }) => history.asOf(viewer, story, asked)),
  answeredBy(ReadVersion, (history, { viewer, story, version }) => history.version(viewer, story, version)),
  answeredBy(ListVersions, (history, { viewer, story, asked }) => history.versions(viewer, story, asked)),
  answeredBy(CompareVersions, (history, { viewer, story, a, b, as }) => history.compare(viewer, story, a, b, as)),
  answeredBy(CompareContents, (history, { before, after, as }) => history.compareContents(before, after, as)),
  answeredBy(ReadAuthorship, (history, { viewer, story, asked }) => history.authorship(viewer, story, asked)),
  answeredBy(ListStories, (history, { viewer, asked }) => history.stories(viewer, asked)),
  answeredBy(ListCorrections, (history, { viewer, asked }) => history.corrections(viewer, asked)),
];
