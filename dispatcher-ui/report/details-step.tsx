import { IconLock } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CityView } from '../../server/stages/city/contract.ts';
import { faultsOf, MOST_WORDS, type Draft, type FieldName, type Step } from './draft.ts';
import { Picture } from './pictures.tsx';
import { Fault, StepTitle } from './step-title.tsx';
import type { Sending } from './use-sending.ts';

interface DetailsStepProps {
  readonly city: CityView;
  readonly draft: Draft;
  readonly sending: Sending;
  change(part: Partial<Draft>): void;
  goTo(step: Step): void;
}

/** Fewer left than this are worth saying. */
const FEW_LEFT = 500;

/** 3: words and contact, both optional and private; and the sending of it all. */
export function DetailsStep({ city, draft, sending, change, goTo }: DetailsStepProps): React.JSX.Element {
  const { t } = useTranslation();
  const [checked, setChecked] = useState(false);
  const faults = { ...(checked ? faultsOf(draft) : {}), ...refusedFields(sending) };
  const isOut = sending.state !== 'resting';
  const left = MOST_WORDS - draft.words.length;
  const field = (name: FieldName) => ({
    value: draft[name],
    fault: faults[name],
    // What is under way stays as it is.
    readOnly: isOut,
    onChange: (text: string) => change({ [name]: text }),
  });
  return (
    <form
      className="step"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setChecked(true);
        const first = Object.keys(faultsOf(draft))[0];
        if (first === undefined) sending.send();
        else document.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
      }}
    >
      <StepTitle>{t('report.details.title')}</StepTitle>
      <p className="lead">{t('report.details.lead')}</p>
      <Summary city={city} draft={draft} goTo={isOut ? null : goTo} />
      <Field name="words" label={t('report.details.words')} hint={t('report.details.wordsHint')} {...field('words')} long />
      {left < FEW_LEFT && (
        <p className={left < 0 ? 'bad number' : 'muted number'} role="status">
          {t('report.details.left', { count: left })}
        </p>
      )}
      <fieldset className="contact">
        <legend>{t('report.details.contact')}</legend>
        <p className="muted">{t('report.details.contactHint')}</p>
        <Field name="name" label={t('report.details.name')} autoComplete="name" {...field('name')} />
        <Field name="email" label={t('report.details.email')} type="email" autoComplete="email" {...field('email')} />
        <Field name="phone" label={t('report.details.phone')} type="tel" autoComplete="tel" {...field('phone')} />
      </fieldset>
      <section className="private">
        <h2>
          <IconLock size={18} stroke={2} aria-hidden="true" /> {t('report.details.private')}
        </h2>
        <p>{t('report.details.privateWho')}</p>
        <p>
          {city.contactsKeptDays === null
            ? t('report.details.privateAlways')
            : t('report.details.privateDays', { days: city.contactsKeptDays })}
        </p>
      </section>
      <Sent sending={sending} />
    </form>
  );
}

function Sent({ sending }: { sending: Sending }): React.JSX.Element {
  const { t } = useTranslation();
  const { state, refused } = sending;
  return (
    <div className="send">
      <div role="status">
        {state === 'waiting' && (
          <p className="waiting">{navigator.onLine ? t('report.details.waiting') : t('report.details.offline')}</p>
        )}
      </div>
      {refused !== null && <Fault id="refused">{t('report.details.refused', { why: refused.message })}</Fault>}
      <button type="submit" className="primary big" aria-disabled={state === 'sending'}>
        {state === 'sending'
          ? t('report.details.sending')
          : state === 'waiting'
            ? t('report.details.sendNow')
            : t('report.details.send')}
      </button>
    </div>
  );
}

/** The server's word on a field, where it has one; what it said stands below in its own words. */
function refusedFields({ refused }: Sending): Partial<Record<FieldName, string>> {
  const named = refused?.fields.some(({ path }) => path === 'contact.email') === true;
  return named ? { email: 'report.fault.email' } : {};
}

function Summary({
  city,
  draft,
  goTo,
}: {
  city: CityView;
  draft: Draft;
  goTo: ((step: Step) => void) | null;
}): React.JSX.Element {
  const { t } = useTranslation();
  const type = draft.serviceType === null ? undefined : city.requestTypes[draft.serviceType];
  return (
    <section className="summary" aria-label={t('report.details.yours')}>
      <Picture name={type?.picture ?? null} />
      <div>
        <strong>{type?.label}</strong>
        <span>{draft.placeText ?? t('report.where.unnamed')}</span>
        {draft.near !== null && (
          <span className="muted">{draft.near === 'same' ? t('report.details.isSame') : t('report.details.isAnother')}</span>
        )}
      </div>
      {goTo !== null && (
        <div className="summary-change">
          <button type="button" className="link" onClick={() => goTo('what')}>
            {t('report.details.changeType')}
          </button>
          <button type="button" className="link" onClick={() => goTo('where')}>
            {t('report.details.changePlace')}
          </button>
        </div>
      )}
    </section>
  );
}

interface FieldProps {
  readonly name: FieldName;
  readonly label: string;
  readonly hint?: string;
  readonly type?: string;
  readonly autoComplete?: string;
  readonly long?: boolean;
  readonly value: string;
  readonly readOnly: boolean;
  /** A word. */
  readonly fault: string | undefined;
  onChange(text: string): void;
}

function Field({ name, label, hint, fault, long = false, onChange, type = 'text', ...rest }: FieldProps): React.JSX.Element {
  const { t } = useTranslation();
  const id = useId();
  const told = {
    id,
    name,
    'aria-invalid': fault !== undefined,
    'aria-describedby': [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ') || undefined,
    onChange: (event: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => onChange(event.target.value),
    ...rest,
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="muted">
          {hint}
        </p>
      )}
      {long ? <textarea rows={4} {...told} /> : <input type={type} maxLength={name === 'phone' ? 40 : 200} {...told} />}
      {fault !== undefined && <Fault id={`${id}-fault`}>{t(fault)}</Fault>}
    </div>
  );
}
