import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DispatcherCase, PrivateCase } from '../../../server/stores/cases/contract.ts';
import { refused } from '../../state/desk-actions.ts';
import { whenText } from '../../state/format.ts';
import { may } from '../../state/desk-state.ts';
import { useCityNow, useDesk, useDeskState, useZone } from '../desk-context.ts';
import type { Reading } from '../use-reading.ts';
import { PartFailed, SkeletonLines } from './drawer-head.tsx';

/** The reports a job answers; what people wrote is opened one by one, by right, and recorded. */
export function JobCases({ reading }: { reading: Reading<readonly DispatcherCase[]> }): React.JSX.Element {
  const { t } = useTranslation();
  const titleId = useId();
  const { value, failed, again } = reading;
  return (
    <section className="part" aria-labelledby={titleId}>
      <h3 id={titleId}>
        {t('job.cases')} {value !== null && <span className="muted number">{value.length}</span>}
      </h3>
      {value === null && !failed && <SkeletonLines lines={2} />}
      {failed && <PartFailed onRetry={again} />}
      {value !== null && value.length > 1 && <p className="muted">{t('job.casesHint')}</p>}
      <ul className="cases">
        {value?.map((one) => (
          <CaseLine key={one.id} one={one} />
        ))}
      </ul>
    </section>
  );
}

function CaseLine({ one }: { one: DispatcherCase }): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const now = useCityNow(60);
  const label = useDeskState((state) => state.city?.requestTypes[one.serviceType]?.label ?? one.serviceType);
  const mayRead = useDeskState((state) => may(state, 'case.read_private'));
  return (
    <li>
      <p>
        <b className="number">{one.number}</b> {label} <span className="muted">· {t(`caseState.${one.state}`)}</span>
      </p>
      <p className="muted">
        <span className="number">{whenText(one.reportedAt, zone, now)}</span> · {one.address ?? one.placeText ?? '–'}
      </p>
      {mayRead && <Words caseId={one.id} />}
    </li>
  );
}

function Words({ caseId }: { caseId: string }): React.JSX.Element {
  const { t } = useTranslation();
  const desk = useDesk();
  const [why, setWhy] = useState('');
  const [told, setTold] = useState<PrivateCase | null>(null);
  const open = (): void =>
    void desk.reads.privateCase(caseId, why.trim()).then(setTold, (error: unknown) => refused(desk, error, open));
  if (told !== null) {
    const { contact } = told;
    return (
      <blockquote className="words">
        {told.words ?? <span className="muted">{t('job.wordsNone')}</span>}
        {contact !== null && (
          <p className="muted">{[contact.name, contact.phone, contact.email].filter((part) => part !== null).join(' · ')}</p>
        )}
      </blockquote>
    );
  }
  return (
    <details className="words-ask">
      <summary>{t('job.words')}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          open();
        }}
      >
        <label>
          {t('job.wordsWhy')}
          <input value={why} minLength={3} maxLength={200} required onChange={(event) => setWhy(event.target.value)} />
        </label>
        <button disabled={why.trim().length < 3}>{t('job.words')}</button>
      </form>
    </details>
  );
}
