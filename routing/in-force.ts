import { type Draft, emptyDraft, mayTake, tryChanges } from './draft.ts';
import { insertCheapest } from './insertion.ts';
import { type Instance, NONE } from './instance.ts';

/**
 * The draft every plan starts from: the plan in force as far as it can still be done. Fixed stops always; then, if the
 * whole of a shift no longer fits, first what is locked and then the rest in its order, leaving out what does not fit.
 * Locked jobs that do not fit where they were are tried wherever their locks allow.
 */
export function draftFromPlanInForce(instance: Instance): Draft {
  agreeAsInForce(instance);
  const draft = emptyDraft(instance);
  for (let s = 0; s < instance.shiftCount; s++) {
    const planned = plannedStops(instance, s);
    if (planned.length === 0) continue;
    const fixed = draft.shifts[s]?.sequence ?? [];
    if (tryChanges(draft, [{ shift: s, sequence: [...fixed, ...planned] }], Infinity)) continue;
    for (const j of planned) if (instance.locked[j] === 1) appendInOrder(draft, s, j);
    for (const j of planned) if (instance.locked[j] === 0) appendInOrder(draft, s, j);
  }
  for (let j = 0; j < instance.jobCount; j++) {
    const out = instance.locked[j] === 1 && instance.fixed[j] === 0 && draft.shiftOf[j] === NONE;
    if (out && instance.groupOf[j] === NONE) insertCheapest(draft, j);
  }
  takeOutBrokenGroups(draft);
  return draft;
}

/** Linked jobs of the plan in force keep the starts they have there: so they still suit each other, if they did. */
function agreeAsInForce(instance: Instance): void {
  for (const group of instance.groups) {
    for (const j of group) {
      if (instance.fixed[j] === 0 && instance.forceShift[j] !== NONE) instance.lockedStart[j] = instance.forceStart[j]!;
    }
  }
}

/** Groups of which something is missing, or that do not suit each other any more, go out as a whole. */
function takeOutBrokenGroups(draft: Draft): void {
  const { instance, shiftOf } = draft;
  let emptied = false;
  const startOf = (j: number): number => (instance.fixed[j] === 1 ? instance.fixedStart[j]! : instance.lockedStart[j]!);
  instance.groups.forEach((group, g) => {
    const together = group.every((j) => shiftOf[j] !== NONE);
    const suits =
      together &&
      instance.groupLinks[g]!.every(({ first, second, least, most, sameShift }) => {
        if (instance.fixed[first] === 1 && instance.fixed[second] === 1) return true;
        const lag = startOf(second) - startOf(first);
        const { sequence } = draft.shifts[shiftOf[second]!]!;
        const inOrder = sequence.includes(first) && sequence.indexOf(first) < sequence.indexOf(second);
        return least <= lag && lag <= most && (!sameShift || inOrder);
      });
    if (suits) return;
    for (const j of group) {
      if (instance.fixed[j] === 1) continue;
      instance.lockedStart[j] = instance.givenStart[j]!;
      const shift = shiftOf[j]!;
      if (shift !== NONE) {
        const sequence = draft.shifts[shift]!.sequence.filter((other) => other !== j);
        if (tryChanges(draft, [{ shift, sequence }], Infinity)) continue;
        // Where roads are such that a day does not work without the stop, it begins anew.
        tryChanges(draft, [{ shift, sequence: instance.fixedStops[shift]! }], Infinity);
        emptied = true;
      }
    }
  });
  // A shift that began anew may have broken a group that was whole.
  if (emptied) takeOutBrokenGroups(draft);
}

/** The movable stops that the plan in force has in shift s and that it may still have, in their order. */
function plannedStops(instance: Instance, s: number): number[] {
  const stops: number[] = [];
  for (let j = 0; j < instance.jobCount; j++) {
    if (instance.forceShift[j] === s && mayTake(instance, s, j)) stops.push(j);
  }
  return stops.sort((a, b) => instance.forcePosition[a]! - instance.forcePosition[b]! || a - b);
}

function appendInOrder(draft: Draft, s: number, j: number): void {
  const { instance } = draft;
  const sequence = draft.shifts[s]?.sequence ?? [];
  const later = sequence.findIndex(
    (other) => instance.fixed[other] === 0 && instance.forcePosition[other]! > instance.forcePosition[j]!,
  );
  const at = later === -1 ? sequence.length : later;
  tryChanges(draft, [{ shift: s, sequence: sequence.toSpliced(at, 0, j) }], Infinity);
}
