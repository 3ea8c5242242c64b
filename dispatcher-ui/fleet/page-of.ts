/** What an address of the supervisor's pages shows. */
export type FleetPage = { readonly kind: 'today' } | { readonly kind: 'days' } | { readonly kind: 'day'; readonly name: string };

/** /fleet is today, /fleet/day lists the recorded days, /fleet/day/NAME is one of them. */
export function pageOf(path: string): FleetPage {
  const [, second, name] = path.split('/').filter(Boolean);
  if (second !== 'day') return { kind: 'today' };
  return name === undefined ? { kind: 'days' } : { kind: 'day', name: decodeURIComponent(name) };
}
