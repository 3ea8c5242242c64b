/** Keeps the screen on while `wanted`, as far as the phone lets us: with the screen off a web page has no position. */
export function screenLock(onChange: (held: boolean) => void): { want(wanted: boolean): void } {
  let wanted = false;
  let held: WakeLockSentinel | null = null;
  let asking = false;

  const ask = async (): Promise<void> => {
    if (!wanted || held !== null || asking || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    asking = true;
    try {
      const lock = await navigator.wakeLock.request('screen');
      held = lock;
      onChange(true);
      // The phone takes it back whenever the page is hidden.
      lock.addEventListener('release', () => {
        held = null;
        onChange(false);
      });
      if (!wanted) await lock.release();
    } catch {
      // A low battery refuses it; the settings say that the screen may go off.
      onChange(false);
    } finally {
      asking = false;
    }
  };
  document.addEventListener('visibilitychange', () => void ask());
  return {
    want(next) {
      wanted = next;
      if (wanted) void ask();
      else void held?.release();
    },
  };
}
