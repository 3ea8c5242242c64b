import type { CaseState, PublicCase } from '../../server/stores/cases/contract.ts';
import { FollowView } from '../report/follow-page.tsx';
import { Frame } from '../report/frame.tsx';
import { Waiting } from '../report/report-form.tsx';
import { aPublicCase } from '../report/sample-case.ts';
import { reportCity } from './report-city.ts';
import { SpecimenFrame, type Is } from './specimen-frame.tsx';

/** As wide as two columns need. */
const WIDTH = 680;
const nothing = (): void => undefined;
const at = (hour: number): string => `2026-03-02T${String(hour).padStart(2, '0')}:00:00.000Z`;
const said = (hour: number, message: string): PublicCase['messages'][number] => ({ at: at(hour), message, params: {} });
const planned = said(7, 'notice.scheduled');
const begun = said(9, 'notice.in_progress');
const expected = { expectedFrom: at(12), expectedUntil: at(14) };

const CASES: readonly (readonly [is: Is, state: CaseState, over?: Partial<PublicCase>])[] = [
  ['received', 'received'],
  ['outsideCity', 'received', { placeQuality: 'outside_city', place: null, placeText: null }],
  ['triaged', 'triaged', { otherReports: 2 }],
  ['overdue', 'triaged', { dueAt: at(10) }],
  ['scheduled', 'scheduled', { ...expected, messages: [planned] }],
  ['crewOnTheWay', 'in_progress', { ...expected, crewOnTheWay: true, messages: [planned, begun] }],
  ['crewThere', 'in_progress', { messages: [planned, begun] }],
  ['onHold', 'on_hold', { messages: [planned, said(9, 'notice.on_hold')] }],
  [
    'beingConfirmed',
    'resolved',
    { beingConfirmed: true, messages: [planned, begun, said(10, 'notice.resolved_being_confirmed')] },
  ],
  ['resolved', 'resolved', { messages: [planned, begun, said(10, 'notice.resolved')] }],
  ['unverified', 'resolved_unverified', { messages: [planned, begun, said(10, 'notice.resolved_unverified')] }],
  ['reopened', 'reopened', { messages: [planned, begun, said(10, 'notice.reopened')] }],
  ['duplicate', 'duplicate', { originalState: 'scheduled', messages: [said(10, 'notice.duplicate')] }],
  ['referred', 'referred', { messages: [said(10, 'notice.referred')] }],
  ['noAction', 'no_action', { messages: [said(10, 'notice.no_action')] }],
  ['cancelled', 'cancelled', { messages: [said(10, 'notice.cancelled')] }],
];
const REPORTS = CASES.map(([is, state, over]) => ({ is, report: aPublicCase(state, over) }));

/** The follow page for each state of a report. */
export function Follows(): React.JSX.Element {
  return (
    <>
      {REPORTS.map(({ is, report }) => (
        <SpecimenFrame key={is} is={is} width={WIDTH}>
          <main>
            <FollowView city={reportCity} report={report} state="fresh" askNow={nothing} />
          </main>
        </SpecimenFrame>
      ))}
    </>
  );
}

const AWAY: readonly (Pick<Parameters<typeof FollowView>[0], 'report' | 'state'> & { readonly is: Is })[] = [
  { is: 'loading', report: null, state: 'loading' },
  { is: 'unknown', report: null, state: 'unknown' },
  { is: 'away', report: null, state: 'away' },
  { is: 'awayKnown', report: aPublicCase('scheduled', expected), state: 'away' },
];

/** The follow page while there is no answer, and where there is no report. */
export function FollowsAway(): React.JSX.Element {
  return (
    <>
      {AWAY.map(({ is, report, state }) => (
        <SpecimenFrame key={is} is={is} width={WIDTH}>
          <main>
            <FollowView city={reportCity} report={report} state={state} askNow={nothing} />
          </main>
        </SpecimenFrame>
      ))}
    </>
  );
}

/** What stands round every page, before and after the city is known. */
export function Frames(): React.JSX.Element {
  return (
    <>
      <SpecimenFrame is="loading" width={WIDTH}>
        <Frame city={null}>
          <Waiting away={false} />
        </Frame>
      </SpecimenFrame>
      <SpecimenFrame is="cityAway" width={WIDTH}>
        <Frame city={null}>
          <Waiting away />
        </Frame>
      </SpecimenFrame>
      <SpecimenFrame is="invented" width={WIDTH}>
        <Frame city={reportCity}>
          <FollowView city={reportCity} report={null} state="unknown" askNow={nothing} />
        </Frame>
      </SpecimenFrame>
    </>
  );
}
