interface Point {
  readonly family: string;
  readonly jobs: number;
  readonly proven_gap_percent: number;
}

const WIDTH = 640;
const HEIGHT = 360;
const LEFT = 56;
const BOTTOM = 48;
const TOP = 24;
const RIGHT = 110;
const COLOURS = ['#1f5fa8', '#b3541e', '#3b7d4f', '#7a4a9c', '#8a6d1c'];

/** The lowest line: what is proven nearer than this lies on it. */
const LEAST_GAP = 0.05;
const GAP_LINES = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];

/** The proven gap over the number of jobs, both by powers of ten, a dot a run and a line through the medians of each family. */
export function gapPicture(points: readonly Point[]): string {
  const families = [...new Set(points.map(({ family }) => family))];
  const sizes = [...new Set(points.map(({ jobs }) => jobs))].sort((a, b) => a - b);
  const most = Math.max(1, ...points.map(({ proven_gap_percent: gap }) => gap));
  const [least = 1, largest = 1] = [sizes[0], sizes.at(-1)];
  const span = Math.log(largest / least) || 1;
  const x = (jobs: number): number => LEFT + ((WIDTH - LEFT - RIGHT) * Math.log(jobs / least)) / span;
  const height = (HEIGHT - BOTTOM - TOP) / Math.log(most / LEAST_GAP);
  const y = (gap: number): number => HEIGHT - BOTTOM - height * Math.log(Math.max(gap, LEAST_GAP) / LEAST_GAP);
  const lines: string[] = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img">`,
    '<title>How the proven gap grows with the number of jobs</title>',
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
  ];
  for (const gap of GAP_LINES.filter((line) => line <= most)) {
    lines.push(
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(gap).toFixed(1)}" y2="${y(gap).toFixed(1)}" stroke="#ddd"/>`,
      `<text x="${LEFT - 8}" y="${(y(gap) + 4).toFixed(1)}" text-anchor="end">${gap} %</text>`,
    );
  }
  for (const jobs of sizes) {
    lines.push(`<text x="${x(jobs).toFixed(1)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${jobs}</text>`);
  }
  lines.push(`<text x="${LEFT}" y="${HEIGHT - 8}">jobs (a day of so many; proven gap at the end of its time)</text>`);
  for (const [n, family] of families.entries()) {
    const colour = COLOURS[n % COLOURS.length] as string;
    const own = points.filter((point) => point.family === family);
    const medians = sizes.flatMap((jobs) => {
      const gaps = own.filter((point) => point.jobs === jobs).map((point) => point.proven_gap_percent);
      gaps.sort((a, b) => a - b);
      const median = gaps[Math.floor(gaps.length / 2)];
      return median === undefined ? [] : [{ jobs, median }];
    });
    for (const point of own) {
      lines.push(
        `<circle cx="${x(point.jobs).toFixed(1)}" cy="${y(point.proven_gap_percent).toFixed(1)}" r="3" fill="${colour}" opacity="0.5"/>`,
      );
    }
    const path = medians.map(({ jobs, median }) => `${x(jobs).toFixed(1)},${y(median).toFixed(1)}`).join(' ');
    lines.push(`<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    const last = medians.at(-1);
    if (last !== undefined) {
      lines.push(
        `<text x="${(x(last.jobs) + 8).toFixed(1)}" y="${(y(last.median) + 4).toFixed(1)}" fill="${colour}">${family} ${last.median.toFixed(2)} %</text>`,
      );
    }
  }
  lines.push('</svg>');
  return `${lines.join('\n')}\n`;
}
