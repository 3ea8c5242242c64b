import { IconPhone } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Picture } from './pictures.tsx';
import { Fault, StepTitle } from './step-title.tsx';
import type { StepProps } from './where-step.tsx';

/** 2: what, by tiles from the city's catalogue. What may be dangerous says to phone. */
export function WhatStep({ city, draft, change, onNext, busy }: StepProps & { readonly busy: boolean }): React.JSX.Element {
  const { t } = useTranslation();
  const [missing, setMissing] = useState(false);
  const types = Object.entries(city.requestTypes);
  const chosen = draft.serviceType === null ? undefined : city.requestTypes[draft.serviceType];
  return (
    <form
      className="step"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen === undefined) setMissing(true);
        else if (!busy) onNext();
      }}
    >
      <StepTitle>{t('report.what.title')}</StepTitle>
      <p className="lead">{draft.placeText === null ? t('report.what.lead') : t('report.what.at', { place: draft.placeText })}</p>
      <fieldset className="tiles-set" aria-describedby={missing ? 'what-fault' : undefined}>
        <legend className="visually-hidden">{t('report.what.title')}</legend>
        <div className="tiles">
          {types.map(([code, type]) => (
            <label key={code} className="tile">
              <input
                type="radio"
                name="type"
                value={code}
                checked={draft.serviceType === code}
                onChange={() => {
                  setMissing(false);
                  change({ serviceType: code, near: null });
                }}
              />
              <span className="tile-picture">
                <Picture name={type.picture} />
              </span>
              <span className="tile-words">
                <strong>{type.label}</strong>
                {type.hint !== null && <small>{type.hint}</small>}
              </span>
              {type.emergency && <span className="tile-urgent">{t('report.urgent')}</span>}
            </label>
          ))}
        </div>
      </fieldset>
      {types.length === 0 && <p>{t('report.what.noTypes')}</p>}
      <div className="step-end">
        <div role="status">{chosen?.emergency === true && <PhoneFirst phone={city.emergencyPhone} />}</div>
        {missing && <Fault id="what-fault">{t('report.what.missing')}</Fault>}
        <button type="submit" className="primary big" aria-disabled={busy}>
          {busy ? t('report.looking') : t('report.next')}
        </button>
      </div>
    </form>
  );
}

function PhoneFirst({ phone }: { phone: string | null }): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <p className="phone-first">
      <IconPhone size={22} stroke={1.75} aria-hidden="true" />
      <span>
        {t('report.phoneFirst')}{' '}
        {phone !== null && <a href={`tel:${phone.replace(/[^\d+*#]/g, '')}`}>{t('report.phone', { phone })}</a>}
      </span>
    </p>
  );
}
