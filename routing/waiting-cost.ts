/** Price of `waited` seconds at `perHour`, whole: rounded down for each stop, so that everybody recomputes the same figure. */
export const waitingCost = (perHour: number, waited: number): number => Math.floor((perHour * waited) / 3600);
