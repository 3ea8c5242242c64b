import { useMemo } from 'react';
import type { FleetToday } from '../../server/stages/reporting/contract.ts';
import { FleetApp } from '../fleet/fleet-app.tsx';
import { FleetContext } from '../fleet/fleet-context.ts';
import type { FleetState } from '../fleet/fleet-state.ts';
import { AreaTable } from '../fleet/parts/area-table.tsx';
import { CrewLoads } from '../fleet/parts/crew-loads.tsx';
import { DoneCard, EmergencyCard, LateCard, WaitingCard } from '../fleet/parts/figure-cards.tsx';
import { HoursChart } from '../fleet/parts/hours-chart.tsx';
import { KilometresCard } from '../fleet/parts/kilometres-card.tsx';
import { OverridesCard } from '../fleet/parts/overrides-card.tsx';
import { PageHead } from '../fleet/parts/page-head.tsx';
import { PlansTable } from '../fleet/parts/plans-table.tsx';
import { TodayPage } from '../fleet/parts/today-page.tsx';
import { galleryFleet } from './gallery-fleet.ts';
import { aStatus, theCity } from './sample-city.ts';
import { anEmptyToday, aToday } from './sample-fleet.ts';
import { aLedgerWithoutPatterns, anEmptyLedger } from './sample-ledger.ts';
import { SpecimenFrame, type FrameProps, type Is } from './specimen-frame.tsx';

const nothing = (): void => undefined;
const TODAY = { kind: 'today' } as const;
const CALM: Partial<FleetState> = {};

/** One part of the fleet pages in one state, with the fleet it sees. */
function FleetSpecimen({ fleet: wanted = CALM, children, ...frame }: FrameProps & { readonly fleet?: Partial<FleetState> }) {
  const fleet = useMemo(() => galleryFleet(wanted), [wanted]);
  return (
    <SpecimenFrame {...frame}>
      <FleetContext value={fleet}>{children}</FleetContext>
    </SpecimenFrame>
  );
}

const FULL = aToday();
const DAYS: readonly { readonly is: Is; readonly today: FleetToday }[] = [
  { is: 'full', today: FULL },
  { is: 'empty', today: anEmptyToday },
];
/** A part for a full and for an empty day. */
const bothDays = (part: (today: FleetToday) => React.JSX.Element, width: number) =>
  function BothDays(): React.JSX.Element {
    return (
      <>
        {DAYS.map(({ is, today }) => (
          <FleetSpecimen key={is} is={is} width={width}>
            {part(today)}
          </FleetSpecimen>
        ))}
      </>
    );
  };

const PAGE_WIDTH = 1390;
const LOADING: Partial<FleetState> = { today: null, readAtMs: null };

/** The whole page of today, full and while it is read. */
export function Todays(): React.JSX.Element {
  return (
    <>
      <FleetSpecimen is="full" width={PAGE_WIDTH}>
        <TodayPage />
      </FleetSpecimen>
      <FleetSpecimen is="loading" width={PAGE_WIDTH} fleet={LOADING}>
        <TodayPage />
      </FleetSpecimen>
    </>
  );
}

const CARDS = [DoneCard, LateCard, WaitingCard, EmergencyCard] as const;

/** The four big figures. */
export function FigureCards(): React.JSX.Element {
  return (
    <>
      {DAYS.map(({ is, today }) =>
        CARDS.map((Card) => (
          <FleetSpecimen key={is + Card.name} is={is} width={300}>
            <Card today={today} onOpen={nothing} />
          </FleetSpecimen>
        )),
      )}
    </>
  );
}

export const Hours = bothDays((today) => <HoursChart hours={today.hours} onOpen={nothing} />, 700);
export const Areas = bothDays((today) => <AreaTable areas={today.waiting.areas} onOpen={nothing} />, 520);
export const Loads = bothDays((today) => <CrewLoads crews={today.crews} onOpen={nothing} />, 760);
export const Kilometres = bothDays((today) => <KilometresCard kilometres={today.kilometres} onOpen={nothing} />, 420);
export const PlanTables = bothDays((today) => <PlansTable plans={today.plans} onOpen={nothing} />, 520);

const LEDGERS: readonly { readonly is: Is; readonly fleet: Partial<FleetState> }[] = [
  { is: 'full', fleet: CALM },
  { is: 'noPatterns', fleet: { ledger: aLedgerWithoutPatterns() } },
  { is: 'empty', fleet: { ledger: anEmptyLedger } },
  { is: 'loading', fleet: { ledger: null } },
  { is: 'failed', fleet: { ledger: null, ledgerFailed: true } },
];

/** What dispatchers changed. */
export function Ledgers(): React.JSX.Element {
  return (
    <>
      {LEDGERS.map(({ is, fleet }) => (
        <FleetSpecimen key={is} is={is} width={1100} fleet={fleet}>
          <OverridesCard />
        </FleetSpecimen>
      ))}
    </>
  );
}

const OLD_MS = Date.now() - 95_000;
const router = [{ name: 'router', state: 'down', detail: null }] as const;
const HEADS: readonly { readonly is: Is; readonly fleet: Partial<FleetState> }[] = [
  { is: 'live', fleet: CALM },
  { is: 'connecting', fleet: { ...LOADING, city: null, heardAtMs: null } },
  { is: 'old', fleet: { behind: true, connected: false, heardAtMs: OLD_MS, readAtMs: OLD_MS } },
  { is: 'router', fleet: { status: aStatus(router) } },
  { is: 'invented', fleet: { city: theCity } },
];

/** The head of the pages, and what is degraded. */
export function Heads(): React.JSX.Element {
  return (
    <>
      {HEADS.map(({ is, fleet }) => (
        <FleetSpecimen key={is} is={is} width={1100} fleet={fleet}>
          <PageHead page={TODAY} />
        </FleetSpecimen>
      ))}
    </>
  );
}

const MESSAGES: readonly { readonly is: Is; readonly fleet: Partial<FleetState> }[] = [
  { is: 'signedOut', fleet: { phase: 'signed_out' } },
  { is: 'noRight', fleet: { phase: 'no_right' } },
  { is: 'startFailed', fleet: { phase: 'failed', city: null, failure: 'The server cannot be reached.' } },
];

/** What stands there where no figures can be shown. */
export function MessagePages(): React.JSX.Element {
  return (
    <>
      {MESSAGES.map(({ is, fleet }) => (
        <FleetSpecimen key={is} is={is} width={460} fleet={fleet}>
          <FleetApp page={TODAY} />
        </FleetSpecimen>
      ))}
    </>
  );
}
