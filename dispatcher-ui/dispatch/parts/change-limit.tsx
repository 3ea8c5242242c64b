import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changesIn, keepMaxChanges, MOST_CHANGES } from '../../state/change-limit.ts';
import { useDesk, useDeskState } from '../desk-context.ts';
import './change-limit.css';

const OFFERED = [0, 2, 5] as const;
/** What the field holds when somebody wants a number of their own. */
const FIRST_OWN = 10;

/** How many planned stops the next plan may change: any number, some, or none. */
export function ChangeLimit(): React.JSX.Element {
  const { t } = useTranslation();
  const { store } = useDesk();
  const limit = useDeskState((state) => state.maxChanges);
  const selectId = useId();
  const hintId = useId();
  const [own, setOwn] = useState(() => limit !== null && !OFFERED.some((one) => one === limit));
  const chosen = own ? 'own' : limit === null ? 'any' : String(limit);
  const choose = (value: string): void => {
    setOwn(value === 'own');
    keepMaxChanges(store, value === 'any' ? null : value === 'own' ? (limit ?? FIRST_OWN) : Number(value));
  };
  return (
    <div className="change-limit">
      <div className="change-limit-line">
        <label htmlFor={selectId}>{t('plan.limit')}</label>
        <select id={selectId} value={chosen} aria-describedby={hintId} onChange={({ target }) => choose(target.value)}>
          <option value="any">{t('plan.limitAny')}</option>
          {OFFERED.map((one) => (
            <option key={one} value={one}>
              {one === 0 ? t('plan.limitNone') : t('plan.limitMost', { count: one })}
            </option>
          ))}
          <option value="own">{t('plan.limitOwn')}</option>
        </select>
        {own && <OwnLimit limit={limit ?? FIRST_OWN} hintId={hintId} />}
      </div>
      <p className="muted" id={hintId} hidden={limit === null}>
        {t('plan.limitHint')}
      </p>
    </div>
  );
}

/** A number of one's own. What is no number is not taken, and the field shows the last one that was when it is left. */
function OwnLimit({ limit, hintId }: { limit: number; hintId: string }): React.JSX.Element {
  const { t } = useTranslation();
  const { store } = useDesk();
  const [written, setWritten] = useState(String(limit));
  const taken = changesIn(written);
  return (
    <input
      type="number"
      className="number"
      min={0}
      max={MOST_CHANGES}
      inputMode="numeric"
      aria-label={t('plan.limitNumber')}
      aria-describedby={hintId}
      aria-invalid={taken === null}
      value={written}
      onChange={({ target }) => {
        setWritten(target.value);
        const changes = changesIn(target.value);
        if (changes !== null) keepMaxChanges(store, changes);
      }}
      onBlur={() => setWritten(String(limit))}
    />
  );
}
