import { Problem } from '../../../platform/problem.ts';
import type { KnownTracker } from '../../../stores/accounts/trackers.ts';
import type { SentFix } from '../../../stores/positions/contract.ts';
import type { Door } from './door.ts';
import { readOwnTracks } from './owntracks-message.ts';
import type { TrackerSigns } from './signs.ts';

/**
 * Takes what an admitted OwnTracks phone says, by HTTP or by the broker: several messages at once, their fixes together.
 * What cannot be used is counted and left: the phone would send it for ever, and everything behind it would wait.
 */
export async function takeOwnTracks(
  deps: { readonly door: Door; readonly signs: TrackerSigns },
  tracker: KnownTracker,
  messages: readonly unknown[],
  sentAt?: string,
): Promise<void> {
  const { door, signs } = deps;
  const said = messages.map(readOwnTracks);
  const fixes = said.flatMap((one): SentFix[] => {
    if (one.kind === 'location') return [one.fix];
    return one.kind === 'transition' && one.fix !== null ? [one.fix] : [];
  });
  if (fixes.length > 0) await door.deliver('owntracks', tracker, fixes, sentAt);
  for (const one of said) {
    switch (one.kind) {
      case 'location':
        signs.heard(tracker);
        break;
      case 'transition':
        signs.heard(tracker);
        await signs.transition(tracker, one);
        break;
      case 'lwt':
        await signs.silent(tracker);
        break;
      case 'other':
        door.count('owntracks', 'ignored');
        break;
      case 'malformed':
        door.count('owntracks', 'malformed');
        break;
      default:
        one satisfies never;
    }
  }
}

/** A place that a message tells, for the list of those that are not let in. */
export function placeIn(message: unknown): { readonly lon: number; readonly lat: number } | null {
  const said = readOwnTracks(message);
  return said.kind === 'location' ? said.fix : null;
}

/** The same refusal for an unknown phone and for a wrong password. */
export const notKnown = (): Problem =>
  new Problem(401, 'tracker-not-known', 'This phone is not enrolled here, or its user, device or password is wrong.');
