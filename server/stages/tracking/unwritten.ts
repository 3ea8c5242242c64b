import { fixKey, type FixRows, type StoredFix } from '../../stores/positions/fix-rows.ts';

/**
 * What was found about fixes that the rules have looked at and that could not be written. Their devices send them again: then what
 * was found the first time holds, since the marker has moved to them already and they would look late or doubled against it.
 */
export class Unwritten {
  /** Flags by key. */
  private readonly kept = new Map<string, number>();
  private readonly most: number;

  /** @param most so many are remembered; beyond that the oldest are looked at again when they come back */
  constructor(most: number) {
    this.most = most;
  }

  add(rows: FixRows): void {
    for (let row = 0; row < rows.size; row++) {
      if (this.kept.size >= this.most) this.kept.delete(this.kept.keys().next().value!);
      this.kept.set(rows.key(row), rows.at('flags', row));
    }
  }

  /** The fixes to be looked at; those that were before are handed to `seen` with what was found then, and forgotten. */
  sort<F extends StoredFix>(fixes: readonly F[], seen: (fix: F, flags: number) => void): readonly F[] {
    if (this.kept.size === 0) return fixes;
    return fixes.filter((fix) => {
      const key = fixKey(fix);
      const flags = this.kept.get(key);
      if (flags === undefined) return true;
      this.kept.delete(key);
      seen(fix, flags);
      return false;
    });
  }
}
