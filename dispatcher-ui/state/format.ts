/** Times as people read them, in the city's zone. */
export function timeOfDay(at: string | number, zone: string): string {
  return formatter(zone, { hour: '2-digit', minute: '2-digit' }).format(new Date(at));
}

/** "Mon 2 Mar" */
export function dayText(at: string | number, zone: string): string {
  return formatter(zone, { weekday: 'short', day: 'numeric', month: 'short' }).format(new Date(at));
}

/** "10:41" on the same day, "2 Mar 10:41" on another. */
export function whenText(at: string | number, zone: string, nowMs: number): string {
  const ms = typeof at === 'number' ? at : Date.parse(at);
  const time = timeOfDay(ms, zone);
  if (dayIn(zone, ms) === dayIn(zone, nowMs)) return time;
  return `${formatter(zone, { day: 'numeric', month: 'short' }).format(ms)} ${time}`;
}

/** The local date, YYYY-MM-DD. */
export function dayIn(zone: string, ms: number): string {
  const parts = formatter(zone, { year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(ms);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

const formatters = new Map<string, Intl.DateTimeFormat>();
/** Making a formatter costs 50 times what using one does. */
function formatter(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${Object.keys(options).join()} ${Object.values(options).join()}`;
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone });
  formatters.set(key, made);
  return made;
}

/** 12 -> "12 min", 95 -> "1 h 35 min", 4000 -> "2 d 18 h". Whole minutes, never negative. */
export function minutesText(minutes: number): string {
  const whole = Math.max(0, Math.round(minutes));
  if (whole < 60) return `${whole} min`;
  if (whole < 24 * 60) return `${Math.floor(whole / 60)} h ${String(whole % 60).padStart(2, '0')} min`;
  return `${Math.floor(whole / 1440)} d ${Math.floor((whole % 1440) / 60)} h`;
}

/** Age of a position: seconds up to two minutes, then minutes, then hours. */
export function ageText(seconds: number): string {
  if (seconds < 120) return `${Math.max(0, Math.round(seconds))} s`;
  return minutesText(seconds / 60);
}

/** 840 -> "840 m", 12345 -> "12.3 km". */
export const distanceText = (metres: number): string =>
  metres < 1000 ? `${Math.round(metres)} m` : `${(metres / 1000).toFixed(1)} km`;

export interface DueClock {
  readonly text: string;
  readonly tone: 'calm' | 'soon' | 'near' | 'late' | 'none';
  readonly minutes: number | null;
}

/** More than 45 minutes calm, up to 45 soon, up to 10 near, then late with a minus. */
export function dueClock(dueAt: string | null, nowMs: number): DueClock {
  if (dueAt === null) return { text: '–', tone: 'none', minutes: null };
  const minutes = Math.floor((Date.parse(dueAt) - nowMs) / 60_000);
  if (minutes < 0) return { text: `−${minutesText(-minutes)}`, tone: 'late', minutes };
  return { text: minutesText(minutes), tone: minutes <= 10 ? 'near' : minutes <= 45 ? 'soon' : 'calm', minutes };
}
