/** English words of the crew’s phone. */
export const enCrew = {} as const;
