import { useState } from 'react';
import { CrewOfDay } from '../fleet/day/crew-of-day.tsx';
import { DayFaults, DayFigures, DayPromises } from '../fleet/day/day-figures.tsx';
import { busyHours } from '../fleet/day/day-shape.ts';
import { DayTimeline, TimelineLegend } from '../fleet/day/day-timeline.tsx';
import { LeftOutTable } from '../fleet/day/left-out-table.tsx';
import { PlansOfDay } from '../fleet/day/plans-of-day.tsx';
import { Scrubber } from '../fleet/day/scrubber.tsx';
import { iso } from '../fleet/day/sample-day.ts';
import { theBrokenFigures, theFigures, theRecordedDay as day } from './sample-recorded.ts';
import { SpecimenFrame, type Is } from './specimen-frame.tsx';

const nothing = (): void => undefined;
const NOON_MS = Date.parse(iso('11:00'));
const { zone, crews } = day;
const { fromMs, untilMs } = busyHours(day);
const FIGURES: readonly { readonly is: Is; readonly figures: typeof theFigures }[] = [
  { is: 'full', figures: theFigures },
  { is: 'broken', figures: theBrokenFigures },
];

/** The day's figures in one row. */
export function DayFigureRows(): React.JSX.Element {
  return (
    <>
      {FIGURES.map(({ is, figures }) => (
        <SpecimenFrame key={is} is={is} width={1200}>
          <DayFigures figures={figures} day={day} />
        </SpecimenFrame>
      ))}
    </>
  );
}

/** What every crew did, hour by hour. */
export function Timelines(): React.JSX.Element {
  const [chosen, setChosen] = useState<number | null>(2);
  const common = { crews, fromMs, untilMs, zone, onChoose: setChosen };
  return (
    <>
      <SpecimenFrame is="atNoon" width={900}>
        <TimelineLegend />
        <DayTimeline {...common} atMs={NOON_MS} chosen={chosen} />
      </SpecimenFrame>
      <SpecimenFrame is="atEnd" width={900}>
        <DayTimeline {...common} atMs={untilMs} chosen={null} />
      </SpecimenFrame>
    </>
  );
}

/** The chosen crew's day in words. */
export function CrewsOfDay(): React.JSX.Element {
  return (
    <>
      <SpecimenFrame is="atNoon" width={380}>
        <CrewOfDay crew={crews[1] ?? null} atMs={NOON_MS} zone={zone} onClose={nothing} />
      </SpecimenFrame>
      <SpecimenFrame is="unchosen" width={380}>
        <CrewOfDay crew={null} atMs={NOON_MS} zone={zone} onClose={nothing} />
      </SpecimenFrame>
    </>
  );
}

/** The moment of the day that is shown. */
export function Scrubbers(): React.JSX.Element {
  const [atMs, setAtMs] = useState(NOON_MS);
  return (
    <>
      <SpecimenFrame is="atNoon" width={700}>
        <Scrubber fromMs={fromMs} untilMs={untilMs} atMs={atMs} zone={zone} onMove={setAtMs} />
      </SpecimenFrame>
      <SpecimenFrame is="atEnd" width={700}>
        <Scrubber fromMs={fromMs} untilMs={untilMs} atMs={untilMs} zone={zone} onMove={nothing} />
      </SpecimenFrame>
    </>
  );
}

const JOBS: readonly { readonly is: Is; readonly jobs: typeof day.jobs }[] = [
  { is: 'full', jobs: day.jobs },
  { is: 'empty', jobs: [] },
];

/** What was not done. */
export function LeftOuts(): React.JSX.Element {
  return (
    <>
      {JOBS.map(({ is, jobs }) => (
        <SpecimenFrame key={is} is={is} width={800}>
          <LeftOutTable jobs={jobs} crews={crews} zone={zone} until={day.until} />
        </SpecimenFrame>
      ))}
    </>
  );
}

/** What must be true after any day, and what was broken on purpose. */
export function PromisesAndFaults(): React.JSX.Element {
  return (
    <>
      {FIGURES.map(({ is, figures }) => (
        <SpecimenFrame key={is} is={is} width={420}>
          <DayPromises invariants={figures.invariants} />
          <DayFaults faults={figures.timings.faults} zone={zone} />
        </SpecimenFrame>
      ))}
    </>
  );
}

/** Every plan of the day. */
export function PlansOfDays(): React.JSX.Element {
  return (
    <SpecimenFrame is="full" width={1200}>
      <PlansOfDay plans={theFigures.plans} zone={zone} />
    </SpecimenFrame>
  );
}
