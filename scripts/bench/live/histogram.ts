/** Milliseconds counted in tenths, so that millions of them are no memory. */
export class Histogram {
  private readonly counts = new Uint32Array(600_001);
  count = 0;
  max = 0;

  add(millis: number): void {
    this.count++;
    if (millis > this.max) this.max = millis;
    const at = Math.min(this.counts.length - 1, Math.max(0, Math.round(millis * 10)));
    this.counts[at]!++;
  }

  /** The value that this part of them does not exceed; null without any. @param part 0 to 1 */
  percentile(part: number): number | null {
    if (this.count === 0) return null;
    let left = part * this.count;
    for (let k = 0; k < this.counts.length; k++) {
      left -= this.counts[k]!;
      if (left <= 0) return k / 10;
    }
    return this.max;
  }

  clear(): void {
    this.counts.fill(0);
    this.count = 0;
    this.max = 0;
  }
}
