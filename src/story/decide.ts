/**
 * What may happen to a story. `decide` takes the story as its facts tell it and a command, and answers with the events
 * to append or with why not. It knows no clock and no chance: both come in `Circumstances`.
 */
import { type Cancel, type Circumstances, type Command, type Decision, refuse } from './commands.js';
import { decideAmendVersion } from './decide-amend.js';
import { decideAmendNotice, decideReinstate, decideWithdraw } from './decide-standing.js';
import { decideShowTexts, decideTakingAway } from './decide-texts.js';
import { decideNewVersion, decidePublish } from './decide-version.js';
import { type Story, versionOf } from './evolve.js';
import { hasBeenInForce } from './visibility.js';

export function decide(story: Story, command: Command, circumstances: Circumstances): Decision {
  if (command.type === 'publish') {
    if (story.revision >= 0) return refuse({ code: 'story-exists' });
    return decidePublish(command, circumstances);
  }
  if (story.revision < 0) return refuse({ code: 'story-not-found' });
  switch (command.type) {
    case 'new-version':
      return decideNewVersion(story, command, circumstances);
    case 'cancel':
      return decideCancel(story, command, circumstances);
    case 'withdraw':
      return decideWithdraw(story, command, circumstances);
    case 'reinstate':
      return decideReinstate(story, command, circumstances);
    case 'change-slug':
      return { ok: true, version: null, events: [{ type: 'SlugChanged', data: {}, texts: { slug: command.slug } }] };
    case 'amend-notice':
      return decideAmendNotice(story, command);
    case 'amend-version':
      return decideAmendVersion(story, command, circumstances);
    case 'hide-texts':
    case 'erase-texts':
      return decideTakingAway(story, command, circumstances);
    case 'show-texts':
      return decideShowTexts(story, command);
  }
}

function decideCancel(story: Story, { version, reason }: Cancel, { recordedAt }: Circumstances): Decision {
  const cancelled = versionOf(story, version);
  if (!cancelled) return refuse({ code: 'version-not-found', version });
  if (cancelled.cancelled) return refuse({ code: 'already-cancelled', version });
  if (hasBeenInForce(cancelled, recordedAt)) return refuse({ code: 'has-been-in-force', version });
  const texts = reason === undefined ? {} : { reason };
  return { ok: true, version, events: [{ type: 'VersionCancelled', data: { version }, texts }] };
}
