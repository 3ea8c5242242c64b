/** Each audience has its address; who holds a report's link follows it; everything else is the desk's. */
export const PAGES = [
  { under: '/case/', file: 'report/index.html' },
  { under: '/report', file: 'report/index.html' },
  { under: '/crew', file: 'crew/index.html' },
  { under: '/fleet', file: 'fleet/index.html' },
  { under: '/plan', file: 'plan/index.html' },
  { under: '/gallery', file: 'gallery/index.html' },
  { under: '/', file: 'dispatch/index.html' },
];
