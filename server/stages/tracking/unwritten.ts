import { fixKey, type StoredFix } from '../../stores/positions/store.ts';

/**
 * Fixes that the rules have looked at and that could not be written. Their devices send them again: then what was found
 * the first time holds, since the marker has moved to them already and they would look late or doubled against it.
 */
export class Unwritten<F extends StoredFix> {
  private readonly kept = new Map<string, StoredFix>();
  private readonly most: number;

  /** @param most so many are remembered; beyond that the oldest are looked at again when they come back */
  constructor(most: number) {
    this.most = most;
  }

  add(fixes: readonly StoredFix[]): void {
    for (const fix of fixes) {
      if (this.kept.size >= this.most) this.kept.delete(this.kept.keys().next().value!);
      this.kept.set(fixKey(fix), fix);
    }
  }

  /** Those to be looked at, and those that were before, as they were found then. Takes the latter out. */
  sort(fixes: readonly F[]): { fresh: readonly F[]; seen: readonly StoredFix[] } {
    if (this.kept.size === 0) return { fresh: fixes, seen: [] };
    const fresh: F[] = [];
    const seen: StoredFix[] = [];
    for (const fix of fixes) {
      const key = fixKey(fix);
      const before = this.kept.get(key);
      if (before === undefined) fresh.push(fix);
      else {
        this.kept.delete(key);
        seen.push({ ...fix, flags: before.flags });
      }
    }
    return { fresh, seen };
  }
}
