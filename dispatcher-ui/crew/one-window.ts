const NAME = 'thuma.phone';

/**
 * Two windows of one phone would count and send the same things twice: one has the phone, the others say so.
 * @param onLost another window has taken it.
 * @returns whether this window has it now. Browsers without locks let every window have it.
 */
export function takePhone(byForce: boolean, onLost: () => void): Promise<boolean> {
  if (!('locks' in navigator)) return Promise.resolve(true);
  return new Promise((resolve) => {
    const options: LockOptions = byForce ? { steal: true } : { ifAvailable: true };
    navigator.locks
      .request(NAME, options, (lock) => {
        resolve(lock !== null);
        // Held for as long as the window lives.
        return lock === null ? undefined : new Promise<void>(() => undefined);
      })
      // The promise of a stolen lock is rejected.
      .catch(onLost);
  });
}
