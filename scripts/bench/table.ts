import type { BenchReport, InstanceResult, Summary } from './report.ts';

const percent = (value: number | null): string => (value === null ? '-' : `${value.toFixed(2)} %`);
const number = (value: number | null): string =>
  value === null ? '-' : value.toLocaleString('en', { maximumFractionDigits: 3, useGrouping: true });

/** The report for people, as lines. */
export function tableOf(report: BenchReport): string[] {
  const peers = Object.entries(report.peers);
  return [
    ...rowsOf(report.instances),
    '',
    lineOf('ours', report),
    ...peers.map(([name, peer]) => lineOf(`${name} ${peer.version}`, peer)),
    ...peers.flatMap(([name, peer]) =>
      peer.ours_cheaper_percent.length === 0
        ? []
        : [
            `ours cheaper than ${name} by: ${peer.ours_cheaper_percent.map((one) => `${one.name} ${percent(one.percent)}`).join(', ')}`,
          ],
    ),
    ...peers.flatMap(([name, peer]) =>
      peer.instances
        .filter(({ faults, remark }) => faults.length > 0 || remark !== undefined)
        .map(
          (one) =>
            `${name} ${one.name}: ${number(one.cost)} in ${one.seconds.toFixed(2)} s, ${one.faults[0] ?? one.remark ?? ''}`,
        ),
    ),
    '',
    `to within 1 % of the end: ${report.seconds_to_1_percent.map(({ size, median, runs }) => `${size} ${median} s (median of ${runs})`).join(', ')}`,
    `${report.searches} searches side by side, warmed by one small problem before; most memory ${report.peak_rss_mb} MB`,
    report.machine,
    ...peers.map(([name, peer]) => `${name}: ${peer.about}`),
    ...report.remarks,
  ];
}

function rowsOf(instances: readonly InstanceResult[]): string[] {
  const width = Math.max(8, ...instances.map(({ name }) => name.length));
  const header = `${'instance'.padEnd(width)}  ${'cost'.padStart(14)}  ${'best'.padStart(14)}  ${'gap'.padStart(9)}  ${'seconds'.padStart(8)}  seed  iterations`;
  return [
    header,
    ...instances.map((one) =>
      [
        one.name.padEnd(width),
        number(one.cost).padStart(14),
        number(one.best).padStart(14),
        percent(one.gap_percent).padStart(9),
        one.seconds.toFixed(2).padStart(8),
        String(one.seed).padStart(4),
        number(one.iterations).padStart(10),
        ...(one.faults.length === 0
          ? []
          : [`NO VALID ANSWER: ${one.faults[0] ?? ''}${one.faults.length > 1 ? ` and ${one.faults.length - 1} more` : ''}`]),
        ...(one.remark === undefined ? [] : [one.remark]),
      ].join('  '),
    ),
  ];
}

function lineOf(name: string, { mean_gap_percent: mean, worst_gap_percent: worst, instances, unanswered }: Summary): string {
  const without = unanswered === 0 ? '' : `, ${unanswered} WITHOUT A VALID ANSWER and in no mean`;
  return `${name}: mean gap ${percent(mean)}, worst ${percent(worst)}, ${instances.length} runs${without}`;
}
