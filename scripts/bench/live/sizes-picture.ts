import type { Run } from './run.ts';

const PANEL = { width: 300, height: 260, left: 52, right: 16, top: 34, bottom: 46 };
const MEASURES = [
  { key: 'p50_ms', name: 'median', colour: '#1f5fa8' },
  { key: 'p99_ms', name: 'p99', colour: '#b3541e' },
] as const;
const COSTS = [
  { key: 'server_cpu_percent', name: 'server', colour: '#3b7d4f' },
  { key: 'database_cpu_percent', name: 'database', colour: '#7a4a9c' },
] as const;

interface Line {
  readonly key: keyof Run;
  readonly name: string;
  readonly colour: string;
}

/** Delay and processor against vehicles (20 dispatchers), and against dispatchers (the most vehicles), as one SVG. */
export function sizesPicture(runs: readonly Run[]): string {
  const most = Math.max(...runs.filter(({ dispatchers }) => dispatchers !== 20).map(({ vehicles }) => vehicles), 0);
  const byVehicles = runs.filter(({ dispatchers }) => dispatchers === 20);
  const passedOn = byVehicles.filter(({ gateways }) => gateways > 0).map(({ vehicles }) => vehicles);
  const label = passedOn.length === 0 ? 'vehicles' : `vehicles (${passedOn.join(', ')} by gateways)`;
  const byDesks = runs.filter(({ vehicles }) => vehicles === most);
  const panels = [
    panel('Delay, ms', label, byVehicles, 'vehicles', MEASURES),
    panel('Delay, ms', `dispatchers, ${most} vehicles`, byDesks, 'dispatchers', MEASURES),
    panel('% of a core', label, byVehicles, 'vehicles', COSTS),
    panel('% of a core', `dispatchers, ${most} vehicles`, byDesks, 'dispatchers', COSTS),
  ];
  const [width, height] = [2 * PANEL.width, 2 * PANEL.height];
  const placed = panels.map(
    (content, n) => `<g transform="translate(${(n % 2) * PANEL.width} ${Math.floor(n / 2) * PANEL.height})">${content}</g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" role="img">
<title>What a live fleet costs, by its size</title>
<rect width="${width}" height="${height}" fill="#fff"/>
${placed.join('\n')}
</svg>
`;
}

function panel(
  title: string,
  below: string,
  runs: readonly Run[],
  by: 'vehicles' | 'dispatchers',
  lines: readonly Line[],
): string {
  const { width, height, left, right, top, bottom } = PANEL;
  const sorted = [...runs].sort((a, b) => a[by] - b[by]);
  const valueOf = (run: Run, { key }: Line): number => Number(run[key] ?? 0);
  const largest = Math.max(1, ...sorted.map((run) => run[by]));
  const highest = Math.max(1, ...sorted.flatMap((run) => lines.map((line) => valueOf(run, line))));
  const step = [5, 10, 20, 50, 100, 200, 500, 1000, 2000].find((size) => highest / size <= 5) ?? 5000;
  const roof = Math.ceil(highest / step) * step;
  const x = (size: number): string => (left + ((width - left - right) * size) / largest).toFixed(1);
  const y = (value: number): string => (height - bottom - ((height - bottom - top) * value) / roof).toFixed(1);
  const out = [`<text x="${left}" y="18" font-weight="bold">${title}</text>`];
  for (let value = 0; value <= roof; value += step) {
    out.push(
      `<line x1="${left}" x2="${width - right}" y1="${y(value)}" y2="${y(value)}" stroke="#ddd"/>`,
      `<text x="${left - 6}" y="${Number(y(value)) + 4}" text-anchor="end">${value}</text>`,
    );
  }
  let edge = -Infinity;
  for (const size of sorted.map((run) => run[by])) {
    if (Number(x(size)) < edge + 34) continue;
    edge = Number(x(size));
    out.push(`<text x="${x(size)}" y="${height - bottom + 16}" text-anchor="middle">${size}</text>`);
  }
  out.push(`<text x="${left}" y="${height - 12}">${below}</text>`);
  lines.forEach((line, n) => {
    const points = sorted.map((run) => `${x(run[by])},${y(valueOf(run, line))}`);
    out.push(
      `<polyline points="${points.join(' ')}" fill="none" stroke="${line.colour}" stroke-width="2"/>`,
      ...sorted.map((run) => `<circle cx="${x(run[by])}" cy="${y(valueOf(run, line))}" r="3" fill="${line.colour}"/>`),
      `<text x="${width - right}" y="${14 + n * 14}" text-anchor="end" fill="${line.colour}">${line.name}</text>`,
    );
  });
  return out.join('\n');
}
