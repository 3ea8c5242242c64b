/** Keeps the newest value per key and hands them over once per painted frame. */
export function lastPerFrame<K, V>(
  paint: (latest: ReadonlyMap<K, V>) => void,
  frame: (callback: () => void) => unknown = requestAnimationFrame,
): (key: K, value: V) => void {
  let latest = new Map<K, V>();
  return (key, value) => {
    if (latest.size === 0) {
      frame(() => {
        const batch = latest;
        latest = new Map();
        paint(batch);
      });
    }
    latest.set(key, value);
  };
}
