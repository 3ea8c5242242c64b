/**
 * `npm run bench:eta`: does the interval of a time of arrival that says 90 % hold 90 %? Tracks of real municipal trucks are
 * replayed: at every reading of a drive between two stops a time of arrival is made, with its interval, and held against when the
 * truck was there. Spreads are learned from the other trucks (five folds, by truck), never from the one that is measured.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { UNLEARNED } from '../../routing/roads/estimate.ts';
import { learnSpread, quantile, spreadOf, type EtaSpread } from '../../server/stages/crew-day/eta-spread.ts';
import { tellFailure } from '../failure.ts';
import { byEstimate, byRoad, readTracks, replay, tripsOf, type LivePrediction } from './eta-trips.ts';
import { ROOT } from './options.ts';

const HELP = `npm run bench:eta [-- --json] [--shared DIR]
  --json         one JSON object
  --shared DIR   the shared data (../shared)`;
const FOLDS = 5;
/** What the bar asks of an interval that says 90 %. */
const HOLDS = { least: 85, most: 95 };

interface Coverage {
  readonly source: string;
  readonly trips: number;
  readonly predictions: number;
  readonly coverage_percent: number;
  /** Counting one prediction a trip, where it sets out. */
  readonly coverage_at_departure_percent: number;
  readonly early_percent: number;
  readonly late_percent: number;
  readonly width_median_s: number;
  readonly width_mean_s: number;
  /** From all trucks together: what a city's policy is given. */
  readonly spread: EtaSpread;
}

function measure(source: string, predictions: readonly LivePrediction[], foldOf: (truck: string) => number): Coverage {
  let [early, late, held, departures, heldAtDeparture] = [0, 0, 0, 0, 0];
  const widths: number[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const spread = learnSpread(predictions.filter(({ truck }) => foldOf(truck) !== fold));
    let before: unknown = null;
    for (const one of predictions.filter(({ truck }) => foldOf(truck) === fold)) {
      const seconds = one.predictedSeconds * spread.travelFactor;
      const range = spreadOf(spread, seconds);
      widths.push(range.early + range.late);
      const isEarly = one.actualSeconds < seconds - range.early;
      const isLate = one.actualSeconds > seconds + range.late;
      if (isEarly) early++;
      if (isLate) late++;
      if (!isEarly && !isLate) held++;
      if (one.trip !== before) {
        departures++;
        if (!isEarly && !isLate) heldAtDeparture++;
      }
      before = one.trip;
    }
  }
  const percent = (count: number, of: number): number => Math.round((count / of) * 1000) / 10;
  return {
    source,
    trips: departures,
    predictions: predictions.length,
    coverage_percent: percent(held, predictions.length),
    coverage_at_departure_percent: percent(heldAtDeparture, departures),
    early_percent: percent(early, predictions.length),
    late_percent: percent(late, predictions.length),
    width_median_s: Math.round(quantile(widths, 0.5)),
    width_mean_s: Math.round(widths.reduce((sum, width) => sum + width, 0) / widths.length),
    spread: learnSpread(predictions),
  };
}

function main(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean', default: false }, shared: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const shared = path.resolve(values.shared ?? path.join(ROOT, '../shared'));
  const tracks = readTracks(path.join(shared, 'data/gps/jersey-city-garbage-trucks.csv'));
  const trips = [...tracks].flatMap(([key, track]) => tripsOf(key.split(' ')[0]!, track));
  const trucks = [...new Set(trips.map(({ truck }) => truck))].sort();
  const foldOf = (truck: string): number => trucks.indexOf(truck) % FOLDS;
  const { factor, metresPerSecond } = UNLEARNED;
  const results = [
    measure(
      'estimate (great circle x factor)',
      trips.flatMap((trip) => replay(trip, byEstimate(factor), metresPerSecond)),
      foldOf,
    ),
    measure(
      'road (length of the road driven)',
      trips.flatMap((trip) => replay(trip, byRoad, metresPerSecond)),
      foldOf,
    ),
  ];
  const worst = results.reduce((a, b) => (Math.abs(a.coverage_percent - 90) >= Math.abs(b.coverage_percent - 90) ? a : b));
  const holds = results.every((one) => one.coverage_percent >= HOLDS.least && one.coverage_percent <= HOLDS.most);
  const report = {
    trucks: trucks.length,
    trips: trips.length,
    coverage_percent: worst.coverage_percent,
    width_median_s: worst.width_median_s,
    width_mean_s: worst.width_mean_s,
    holds,
    sources: results,
  };
  if (values.json) console.log(JSON.stringify(report));
  else tell(report);
  return holds ? 0 : 1;
}

function tell(report: { trucks: number; trips: number; sources: readonly Coverage[] }): void {
  console.log(
    `${report.trips} drives of ${report.trucks} trucks between two stops, replayed; learned and measured on different trucks`,
  );
  for (const one of report.sources) {
    const { spread } = one;
    console.log(
      `${one.source}: ${one.coverage_percent} % of ${one.predictions} times of arrival held (${one.early_percent} % were there earlier, ` +
        `${one.late_percent} % later; ${one.coverage_at_departure_percent} % of those made at departure); ` +
        `width median ${one.width_median_s} s, mean ${one.width_mean_s} s`,
    );
    console.log(
      `  learned: x ${spread.travelFactor}, early ${spread.early.baseSeconds} s + ${spread.early.perHourSeconds} s/h, ` +
        `late ${spread.late.baseSeconds} s + ${spread.late.perHourSeconds} s/h`,
    );
  }
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  tellFailure(error);
}
