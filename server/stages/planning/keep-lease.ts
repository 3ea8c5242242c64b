/** What a planner hears when it renews a lease: null when it is lost. */
export type Renewed = { readonly finishEarly: boolean } | null;

export interface KeptLease {
  /** Looks now, not at the next beat. */
  look(): Promise<void>;
  stop(): void;
}

/** Somebody who cancels waits for no more than this; a lease is renewed at least four times before it runs out. */
const MOST_BEAT_MILLIS = 500;

/** Renews a lease until it is stopped, and tells what others have decided meanwhile. */
export function keepLease(
  leaseMillis: number,
  renew: () => Promise<Renewed>,
  hear: { readonly lost: () => void; readonly finishEarly: () => void },
): KeptLease {
  const every = Math.min(MOST_BEAT_MILLIS, leaseMillis / 4);
  let timer: NodeJS.Timeout | undefined;
  let over = false;
  const look = async (): Promise<void> => {
    // What the database does not answer is asked again at the next beat; the lease runs meanwhile.
    const renewed = await renew().catch(() => undefined);
    if (over || renewed === undefined) return;
    if (renewed === null) hear.lost();
    else if (renewed.finishEarly) hear.finishEarly();
  };
  const next = (): void => {
    timer = setTimeout(() => {
      void look().then(() => {
        if (!over) next();
      });
    }, every);
  };
  next();
  return {
    look,
    stop() {
      over = true;
      clearTimeout(timer);
    },
  };
}
