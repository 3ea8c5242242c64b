/** English words of the supervisor’s pages. */
export const enFleet = {} as const;
