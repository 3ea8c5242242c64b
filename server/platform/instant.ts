/** Times leave and enter the stores as ISO 8601 in UTC with milliseconds, so that they compare as strings. */
export const iso = (at: Date): string => at.toISOString();

/** The same for a column that may be null. */
export const isoOrNull = (at: Date | null): string | null => (at === null ? null : at.toISOString());

/** Any ISO 8601 instant in the one form the stores compare: UTC, milliseconds. */
export const instant = (text: string): string => new Date(text).toISOString();
