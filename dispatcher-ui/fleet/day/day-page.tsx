import { useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordedDay } from '../../../server/stores/recorded-days/contract.ts';
import { SkeletonLines } from '../../dispatch/parts/drawer-head.tsx';
import { api } from '../../state/api.ts';
import { timeOfDay } from '../../state/format.ts';
import { wholeText } from '../figures.ts';
import { useOnce } from '../use-once.ts';
import { CrewOfDay } from './crew-of-day.tsx';
import { DayFaults, DayFigures, DayPromises } from './day-figures.tsx';
import { DayMap } from './day-map.tsx';
import { busyHours, countLooks, JOB_LOOKS } from './day-shape.ts';
import { DayTimeline, TimelineLegend } from './day-timeline.tsx';
import { dateText } from './days-page.tsx';
import { LeftOutTable } from './left-out-table.tsx';
import { PlansOfDay } from './plans-of-day.tsx';
import { Scrubber } from './scrubber.tsx';

/** A recorded day: its figures, what held, and the day itself to be gone through by time and crew. */
export function DayPage({ name }: { name: string }): React.JSX.Element {
  const { t } = useTranslation();
  const read = useCallback(
    (signal: AbortSignal) => api.get<RecordedDay>(`/api/recorded-days/${encodeURIComponent(name)}`, signal),
    [name],
  );
  const { value: day, failure, again } = useOnce(read);
  useEffect(() => {
    document.title = `${day === null ? name : t('fleet.day.title', { city: day.cityTitle, date: dateText(day.date) })} - ${t('product')}`;
  }, [day, name, t]);
  if (failure !== null) {
    return (
      <main className="page page-narrow" id="figures" tabIndex={-1}>
        <h1>{t('fleet.day.failed')}</h1>
        <p role="alert">{failure.message}</p>
        <p className="buttons">
          <button type="button" onClick={again}>
            {t('error.retry')}
          </button>
          <a className="button" href="/fleet/day">
            {t('fleet.day.all')}
          </a>
        </p>
      </main>
    );
  }
  if (day === null) {
    return (
      <main className="page" id="figures" tabIndex={-1} aria-busy="true">
        <h1 className="visually-hidden">{t('fleet.day.reading')}</h1>
        <div className="card">
          <SkeletonLines lines={3} />
        </div>
        <div className="card">
          <span className="skeleton" style={{ width: '100%', height: 420 }} />
        </div>
      </main>
    );
  }
  return <Day day={day} />;
}

function Day({ day }: { day: RecordedDay }): React.JSX.Element {
  const { t } = useTranslation();
  const { zone, figures } = day;
  const { fromMs, untilMs } = useMemo(() => busyHours(day), [day]);
  const [atMs, setAtMs] = useState(untilMs);
  const [chosen, setChosen] = useState<number | null>(null);
  const crew = day.crews.find(({ number }) => number === chosen) ?? null;
  return (
    <main className="page" id="figures" tabIndex={-1}>
      <header className="day-head">
        <h1>{t('fleet.day.title', { city: day.cityTitle, date: dateText(day.date) })}</h1>
        <p className="muted number">
          {t('fleet.day.about', { seed: day.seed, from: timeOfDay(day.from, zone), until: timeOfDay(day.until, zone) })}
          {figures.requests.invented > 0 && <span className="tag">{t('fleet.day.invented')}</span>}
        </p>
      </header>
      <DayFigures figures={figures} day={day} />
      <section className="card day-view" aria-labelledby="view-title">
        <header className="card-head">
          <h2 id="view-title">{t('fleet.day.map')}</h2>
          <Counts day={day} atMs={atMs} />
        </header>
        <Scrubber fromMs={fromMs} untilMs={untilMs} atMs={atMs} zone={zone} onMove={setAtMs} />
        <div className="day-stage">
          <DayMap day={day} atMs={atMs} chosen={chosen} onChoose={setChosen} />
          <CrewOfDay crew={crew} atMs={atMs} zone={zone} onClose={() => setChosen(null)} />
        </div>
        <header className="card-head">
          <h2>{t('fleet.day.timeline')}</h2>
          <TimelineLegend />
        </header>
        <p className="muted">{t('fleet.day.timelineHint')}</p>
        <DayTimeline
          crews={day.crews}
          fromMs={fromMs}
          untilMs={untilMs}
          atMs={atMs}
          zone={zone}
          chosen={chosen}
          onChoose={setChosen}
        />
      </section>
      <div className="day-columns">
        <LeftOutTable jobs={day.jobs} crews={day.crews} zone={zone} until={day.until} />
        <div className="day-side">
          <DayPromises invariants={figures.invariants} />
          <DayFaults faults={figures.timings.faults} zone={zone} />
        </div>
      </div>
      <PlansOfDay plans={figures.plans} zone={zone} />
      <p className="muted number">
        {t('fleet.day.measured', {
          machine: figures.timings.machine,
          wall: t('fleet.day.seconds', { seconds: wholeText(figures.timings.wallSeconds) }),
          plan: t('fleet.day.seconds', { seconds: figures.timings.planSeconds.median.toFixed(2) }),
          most: t('fleet.day.seconds', { seconds: figures.timings.planSeconds.p95.toFixed(2) }),
        })}
      </p>
    </main>
  );
}

const SIGNS = { waiting: 'P', overdue: '!', working: '•', done: '✓', late: '✓', cannot: '×' } as const;

/** How the jobs stand at that moment; also what the signs on the map mean. */
function Counts({ day, atMs }: { day: RecordedDay; atMs: number }): React.JSX.Element {
  const { t } = useTranslation();
  const counts = useMemo(() => countLooks(day.jobs, atMs), [day, atMs]);
  return (
    <ul className="looks number" aria-live="off" data-testid="looks">
      {JOB_LOOKS.map((look) => (
        <li key={look} className={`look-${look}`}>
          <span className="look-sign" aria-hidden="true">
            {SIGNS[look]}
          </span>
          <b>{counts[look]}</b> {t(`fleet.day.count.${look}`)}
        </li>
      ))}
    </ul>
  );
}
