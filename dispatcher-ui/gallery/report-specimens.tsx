import type { ReactNode } from 'react';
import type { CityView } from '../../server/stages/city/contract.ts';
import type { NearReports } from '../../server/stages/intake/contract.ts';
import type { CaseReceipt } from '../../server/stores/cases/contract.ts';
import { DetailsStep } from '../report/details-step.tsx';
import { EMPTY_DRAFT, type Draft } from '../report/draft.ts';
import { NearStep } from '../report/near-step.tsx';
import { SentStep } from '../report/sent-step.tsx';
import type { Sending } from '../report/use-sending.ts';
import { WhatStep } from '../report/what-step.tsx';
import { WhereStep } from '../report/where-step.tsx';
import { ApiProblem } from '../state/api.ts';
import { sampleId } from '../state/sample-desk.ts';
import { reportCity } from './report-city.ts';
import { SpecimenFrame, type Is } from './specimen-frame.tsx';

const WIDTH = 460;
/** The place is asked for beside its map. */
const WHERE_WIDTH = 900;
const nothing = (): void => undefined;
const common = { city: reportCity, change: nothing, onNext: nothing };

/** One step in its main, whose styles it has. */
function StepSpecimen({ is, width = WIDTH, children }: { is: Is; width?: number; children: ReactNode }): React.JSX.Element {
  return (
    <SpecimenFrame is={is} width={width}>
      <main>{children}</main>
    </SpecimenFrame>
  );
}

const PLACED: Draft = {
  ...EMPTY_DRAFT,
  place: { lon: 11.97, lat: 57.7 },
  placeText: 'Storgatan near Vasagatan',
  placeQuality: 'on_road',
};
const CHOSEN: Draft = { ...PLACED, serviceType: 'pothole' };

const WHERE: readonly { readonly is: Is; readonly draft: Draft }[] = [
  { is: 'nothing', draft: EMPTY_DRAFT },
  { is: 'onRoad', draft: PLACED },
  { is: 'offRoad', draft: { ...PLACED, placeText: null, placeQuality: 'far_from_road' } },
  { is: 'outside', draft: { ...PLACED, placeText: null, placeQuality: 'outside_city' } },
];

/** 1: where. */
export function WhereSteps(): React.JSX.Element {
  return (
    <>
      {WHERE.map(({ is, draft }) => (
        <StepSpecimen key={is} is={is} width={WHERE_WIDTH}>
          <WhereStep {...common} draft={draft} />
        </StepSpecimen>
      ))}
    </>
  );
}

const WHAT: readonly { readonly is: Is; readonly draft: Draft; readonly busy?: boolean; readonly city?: CityView }[] = [
  { is: 'nothing', draft: PLACED },
  { is: 'chosen', draft: CHOSEN },
  { is: 'emergency', draft: { ...PLACED, serviceType: 'flood' } },
  { is: 'looking', draft: CHOSEN, busy: true },
  { is: 'noTypes', draft: PLACED, city: { ...reportCity, requestTypes: {} } },
];

/** 2: what. */
export function WhatSteps(): React.JSX.Element {
  return (
    <>
      {WHAT.map(({ is, draft, busy = false, city = reportCity }) => (
        <StepSpecimen key={is} is={is}>
          <WhatStep {...common} city={city} draft={draft} busy={busy} />
        </StepSpecimen>
      ))}
    </>
  );
}

type NearReport = NearReports['reports'][number];
const aNear = (n: number, state: NearReport['state'], hoursAgo: number): NearReport => ({
  label: 'Pothole',
  placeText: 'Storgatan near Vasagatan',
  place: { lon: 11.97, lat: 57.7 + (n - 1) * 0.0006 },
  state,
  hoursAgo,
  reports: n,
});
const NEAR: readonly { readonly is: Is; readonly reports: readonly NearReport[] }[] = [
  { is: 'full', reports: [aNear(1, 'waiting', 0), aNear(2, 'planned', 5), aNear(3, 'under_way', 30), aNear(4, 'on_hold', 80)] },
];

/** Between 2 and 3: what was reported near by. */
export function NearSteps(): React.JSX.Element {
  return (
    <>
      {NEAR.map(({ is, reports }) => (
        <StepSpecimen key={is} is={is}>
          <NearStep {...common} draft={CHOSEN} reports={reports} />
        </StepSpecimen>
      ))}
    </>
  );
}

const aSending = (over: Partial<Sending> = {}): Sending => ({
  state: 'resting',
  refused: null,
  arrivedBefore: false,
  send: nothing,
  ...over,
});
const FILLED: Draft = {
  ...CHOSEN,
  near: 'another',
  words: 'A deep hole right behind the bus stop.',
  name: 'A sample',
  email: 'sample@example.org',
};
const REFUSED = new ApiProblem(400, 'invalid-input', 'The address for e-mail is not one.', undefined, [
  { path: 'contact.email', message: 'not an address' },
]);
const DETAILS: readonly { readonly is: Is; readonly draft: Draft; readonly sending: Sending }[] = [
  { is: 'empty', draft: CHOSEN, sending: aSending() },
  { is: 'filled', draft: FILLED, sending: aSending() },
  { is: 'sending', draft: FILLED, sending: aSending({ state: 'sending' }) },
  { is: 'waitingToSend', draft: FILLED, sending: aSending({ state: 'waiting' }) },
  { is: 'refused', draft: { ...FILLED, email: 'sample@example' }, sending: aSending({ refused: REFUSED }) },
];

/** 3: words and contact, and the sending. */
export function DetailsSteps(): React.JSX.Element {
  return (
    <>
      {DETAILS.map(({ is, draft, sending }) => (
        <StepSpecimen key={is} is={is}>
          <DetailsStep {...common} draft={draft} sending={sending} goTo={nothing} />
        </StepSpecimen>
      ))}
    </>
  );
}

const aReceipt = (over: Partial<CaseReceipt> = {}): CaseReceipt => ({
  caseId: sampleId(400_001) as CaseReceipt['caseId'],
  number: '26-01201',
  followToken: 'a-sample-of-a-link',
  placeQuality: 'on_road',
  joined: false,
  ...over,
});
const SENT: readonly { readonly is: Is; readonly receipt: CaseReceipt; readonly before?: boolean }[] = [
  { is: 'sent', receipt: aReceipt() },
  { is: 'joined', receipt: aReceipt({ joined: true }) },
  { is: 'sentBefore', receipt: aReceipt(), before: true },
  { is: 'offRoad', receipt: aReceipt({ placeQuality: 'far_from_road' }) },
  { is: 'outside', receipt: aReceipt({ placeQuality: 'outside_city' }) },
  { is: 'noLink', receipt: aReceipt({ followToken: null }) },
];

/** The receipt. */
export function SentSteps(): React.JSX.Element {
  return (
    <>
      {SENT.map(({ is, receipt, before = false }) => (
        <StepSpecimen key={is} is={is}>
          <SentStep city={reportCity} draft={CHOSEN} receipt={receipt} arrivedBefore={before} onAnother={nothing} />
        </StepSpecimen>
      ))}
    </>
  );
}
