import { IconCircleCheck, IconCopy, IconShare } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CityView } from '../../server/stages/city/contract.ts';
import type { CaseReceipt } from '../../server/stores/cases/contract.ts';
import type { Draft } from './draft.ts';
import { StepTitle } from './step-title.tsx';

interface SentStepProps {
  readonly city: CityView;
  readonly draft: Draft;
  readonly receipt: CaseReceipt;
  readonly arrivedBefore: boolean;
  onAnother(): void;
}

/** The receipt: the number to say, the link to keep, and what happens next, also where that is nothing. */
export function SentStep({ city, draft, receipt, arrivedBefore, onAnother }: SentStepProps): React.JSX.Element {
  const { t } = useTranslation();
  const isWork = draft.serviceType === null || (city.requestTypes[draft.serviceType]?.isWork ?? true);
  const path = receipt.followToken === null ? null : `/case/${receipt.followToken}`;
  const onRoad = receipt.placeQuality === 'on_road';
  const next = !isWork
    ? t('report.sent.noWork')
    : receipt.placeQuality === 'outside_city'
      ? t('report.sent.outside')
      : !onRoad
        ? t('report.sent.offRoad')
        : receipt.joined
          ? t('report.sent.joined')
          : t('report.sent.onList');
  return (
    <div className="step sent">
      <IconCircleCheck size={44} stroke={1.75} className="good" aria-hidden="true" />
      <StepTitle>{t('report.sent.title')}</StepTitle>
      {arrivedBefore && <p className="waiting">{t('report.sent.before')}</p>}
      <p className="sent-number">
        <span>{t('report.sent.number')}</span>
        <strong className="number">{receipt.number}</strong>
      </p>
      {path === null ? <p>{t('report.sent.noLink')}</p> : <Link path={path} number={receipt.number} />}
      <section>
        <h2>{t('report.sent.next')}</h2>
        <p className={isWork && !onRoad ? 'doubt' : ''}>{next}</p>
        {isWork && onRoad && <p>{t('report.sent.confirmed')}</p>}
      </section>
      <button type="button" className="big" onClick={onAnother}>
        {t('report.sent.another')}
      </button>
    </div>
  );
}

function Link({ path, number }: { path: string; number: string }): React.JSX.Element {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const url = new URL(path, location.href).href;
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(url);
      setCopied(true);
    } catch {
      // Not allowed here: the link stands beside the button and is marked for copying by hand.
      getSelection()?.selectAllChildren(document.getElementById('follow-link')!);
    }
  };
  return (
    <section className="sent-link">
      <h2>{t('report.sent.link')}</h2>
      <a id="follow-link" href={path}>
        {url}
      </a>
      <p className="muted">{t('report.sent.linkWhy')}</p>
      <div className="sent-buttons">
        <button type="button" onClick={() => void copy()}>
          <IconCopy size={20} stroke={1.75} aria-hidden="true" /> {copied ? t('report.sent.copied') : t('report.sent.copy')}
        </button>
        {typeof navigator.share === 'function' && (
          <button
            type="button"
            // Closing the sheet is no error.
            onClick={() => void navigator.share({ title: t('report.title', { number }), url }).catch(() => undefined)}
          >
            <IconShare size={20} stroke={1.75} aria-hidden="true" /> {t('report.sent.share')}
          </button>
        )}
        <a className="button primary" href={path}>
          {t('report.sent.open')}
        </a>
      </div>
      <span className="visually-hidden" role="status">
        {copied && t('report.sent.copied')}
      </span>
    </section>
  );
}
