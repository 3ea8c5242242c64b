import { IconChevronRight } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CrewStop } from '../../../server/stages/crew-day/contract.ts';
import { minutesText } from '../../state/format.ts';
import { usePhone, usePhoneState } from '../phone-context.ts';
import { CANNOT_REASONS, MINUTES_LEFT, type CannotReason } from '../reasons.ts';
import { Sheet } from './sheet.tsx';
import { codeWords } from './stop-card.tsx';

interface Detail {
  readonly missing?: string[];
  readonly secondsLeft?: number;
  readonly words?: string;
}

/** Why the work cannot be done: one press, and what the follow-up job needs to know where it needs something. */
export function CannotSheet({ stop }: { stop: CrewStop }): React.JSX.Element {
  const { t } = useTranslation();
  const phone = usePhone();
  const [chosen, setChosen] = useState<CannotReason | null>(null);

  const send = ({ reason }: CannotReason, { missing = [], ...rest }: Detail = {}): void => {
    phone.close();
    phone.say(
      stop,
      { type: 'field.cannot_complete', reason, missing, fixesThrough: phone.fixesThrough(), ...rest },
      { hold: true },
    );
  };

  return (
    <Sheet title={t('phone.cannot.title', { number: stop.jobNumber })}>
      {chosen === null ? (
        <div className="choices">
          {CANNOT_REASONS.map((one) => (
            <button key={one.reason} type="button" onClick={() => (one.asks === 'nothing' ? send(one) : setChosen(one))}>
              <span className="grow">
                {t(`phone.cannot.reason.${one.reason}`)}
                {one.closes && <span className="muted small"> {t('phone.cannot.closes')}</span>}
              </span>
              {one.asks !== 'nothing' && <IconChevronRight aria-hidden="true" />}
            </button>
          ))}
        </div>
      ) : (
        <>
          <Asked reason={chosen} stop={stop} onSay={(detail) => send(chosen, detail)} />
          <button type="button" className="second-action" onClick={() => setChosen(null)}>
            {t('phone.back')}
          </button>
        </>
      )}
    </Sheet>
  );
}

function Asked({
  reason,
  stop,
  onSay,
}: {
  reason: CannotReason;
  stop: CrewStop;
  onSay: (detail: Detail) => void;
}): React.JSX.Element | null {
  const { t } = useTranslation();
  const plant = usePhoneState((state) => state.city?.plant ?? []);
  switch (reason.asks) {
    case 'nothing':
      return null;
    case 'plant':
      return (
        <>
          <h2>{t('phone.cannot.plantTitle')}</h2>
          <div className="choices">
            {plant
              // What the job asks for already was brought.
              .filter((kind) => !stop.plant.includes(kind))
              .map((kind) => (
                <button key={kind} type="button" onClick={() => onSay({ missing: [kind] })}>
                  {codeWords(kind)}
                </button>
              ))}
            <button type="button" onClick={() => onSay({})}>
              {t('phone.cannot.plantOther')}
            </button>
          </div>
        </>
      );
    case 'minutes':
      return (
        <>
          <h2>{t('phone.cannot.minutesTitle')}</h2>
          <div className="choices two">
            {MINUTES_LEFT.map((minutes) => (
              <button key={minutes} type="button" className="number" onClick={() => onSay({ secondsLeft: minutes * 60 })}>
                {minutesText(minutes)}
              </button>
            ))}
          </div>
        </>
      );
    case 'words':
      return <Words onSay={onSay} />;
    default:
      return reason.asks satisfies never;
  }
}

function Words({ onSay }: { onSay: (detail: Detail) => void }): React.JSX.Element {
  const { t } = useTranslation();
  const [words, setWords] = useState('');
  const id = useId();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (words.trim() !== '') onSay({ words: words.trim() });
      }}
    >
      <h2>{t('phone.cannot.otherTitle')}</h2>
      <label htmlFor={id}>{t('phone.cannot.otherLabel')}</label>
      <textarea id={id} rows={4} maxLength={2000} value={words} onChange={(event) => setWords(event.target.value)} />
      <button type="submit" className="primary main-action" aria-disabled={words.trim() === ''}>
        {t('phone.cannot.send')}
      </button>
    </form>
  );
}
