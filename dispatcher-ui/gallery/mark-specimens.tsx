import { useTranslation } from 'react-i18next';
import { Banners } from '../dispatch/parts/banners.tsx';
import { CrewMark } from '../dispatch/parts/crew-mark.tsx';
import { DueClock } from '../dispatch/parts/due-clock.tsx';
import { LiveChip } from '../dispatch/parts/live-chip.tsx';
import { MapKey } from '../dispatch/parts/map-key.tsx';
import { NoticeBar } from '../dispatch/parts/notice-bar.tsx';
import { PriorityMark } from '../dispatch/parts/priority-mark.tsx';
import type { Notice } from '../state/desk-state.ts';
import { aStatus, minutesFromNow, theCity } from './sample-city.ts';
import type { Is } from './specimen-frame.tsx';
import { Specimen } from './specimen.tsx';

const STATES = ['not_on', 'free', 'on_the_way', 'on_site', 'ended'] as const;
const ALL_LAYERS = { areas: true, withCrews: true, depots: false, vehicles: true, others: true };

export function Marks(): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <>
      <Specimen is="priorities">
        <p className="specimen-line">
          {[1, 2, 3, 4].map((priority) => (
            <PriorityMark key={priority} priority={priority} />
          ))}
          {[1, 2, 3, 4].map((priority) => (
            <PriorityMark key={priority} priority={priority} small />
          ))}
        </p>
      </Specimen>
      <Specimen is="crewStates">
        <ul className="specimen-list">
          {STATES.map((state) => (
            <li key={state}>
              <CrewMark crew={{ state, signal: 'fresh' }} /> <CrewMark crew={{ state, signal: 'lost' }} />
            </li>
          ))}
        </ul>
      </Specimen>
      <Specimen is="due">
        <ul className="specimen-list">
          {[null, 3_000, 90, 40, 8, -7].map((minutes) => (
            <li key={minutes}>
              <DueClock dueAt={minutes === null ? null : minutesFromNow(minutes)} />
            </li>
          ))}
        </ul>
      </Specimen>
      <Specimen is="tags">
        <p className="specimen-line">
          <span className="tag">{t('job.byHand')}</span>
          <span className="tag tag-danger">{t('job.emergency')}</span>
          <span className="source">{t('sourceShort.osrm')}</span>
          <span className="source source-estimate">{t('sourceShort.estimate')}</span>
        </p>
      </Specimen>
      <Specimen is="key" width={300} height={420}>
        <MapKey shown={ALL_LAYERS} hasAreas open onShow={() => undefined} />
      </Specimen>
      <Specimen is="keyNoAreas" width={300} height={420}>
        <MapKey shown={ALL_LAYERS} hasAreas={false} open onShow={() => undefined} />
      </Specimen>
    </>
  );
}

export function LiveChips(): React.JSX.Element {
  return (
    <>
      <Specimen is="connecting" desk={NEVER_HEARD}>
        <LiveChip />
      </Specimen>
      <Specimen is="live" heardAgoMs={800}>
        <LiveChip />
      </Specimen>
      <Specimen is="slow" heardAgoMs={7_400}>
        <LiveChip />
      </Specimen>
      <Specimen is="frozen" heardAgoMs={41_000}>
        <LiveChip />
      </Specimen>
    </>
  );
}

const NEVER_HEARD = { state: { heardAtMs: null } };
const real = { ...theCity, invented: false };
const BANNERS: readonly { is: Is; state: Parameters<typeof Specimen>[0]['desk'] }[] = [
  { is: 'invented', state: {} },
  { is: 'cut', state: { state: { city: real, connected: false } } },
  { is: 'closing', state: { state: { city: real, status: aStatus([], true) } } },
  { is: 'database', state: { state: { city: real, status: aStatus([{ name: 'database', state: 'down', detail: null }]) } } },
  { is: 'embedded', state: { state: { city: real, status: aStatus([{ name: 'database', state: 'degraded', detail: null }]) } } },
  { is: 'router', state: { state: { city: real, status: aStatus([{ name: 'router', state: 'degraded', detail: null }]) } } },
  {
    is: 'planner',
    state: {
      state: {
        city: real,
        status: aStatus([
          { name: 'planner', state: 'degraded', detail: 'The last plan ended with an error.' },
          { name: 'timers', state: 'degraded', detail: '2 timers failed and are tried again.' },
        ]),
      },
    },
  },
];

export function BannerSpecimens(): React.JSX.Element {
  return (
    <>
      {BANNERS.map(({ is, state }) => (
        <Specimen key={is} is={is} width={860} {...(state === undefined ? {} : { desk: state })}>
          <Banners />
        </Specimen>
      ))}
    </>
  );
}

const aNotice = (over: Partial<Notice>): { state: { notice: Notice } } => ({
  state: {
    notice: {
      id: 1,
      tone: 'ok',
      word: 'did.assigned',
      params: { number: 2042, crew: 'Crew 4' },
      detail: null,
      undo: null,
      retry: null,
      ...over,
    },
  },
});
const NOTICES: readonly { is: Is; desk: { state: { notice: Notice } } }[] = [
  { is: 'ok', desk: aNotice({ undo: 'action' }) },
  { is: 'warning', desk: aNotice({ tone: 'warning', word: 'error.changedMeanwhile' }) },
  { is: 'error', desk: aNotice({ tone: 'error', word: 'error.notReached', retry: () => undefined }) },
  { is: 'refused', desk: aNotice({ tone: 'error', word: 'error.refused', detail: 'The crew has begun this job already.' }) },
];

export function Notices(): React.JSX.Element {
  return (
    <>
      {NOTICES.map(({ is, desk }) => (
        <Specimen key={is} is={is} desk={desk} width={700} height={90}>
          <NoticeBar />
        </Specimen>
      ))}
    </>
  );
}
