import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keepSingleKeys, singleKeysOn } from '../use-keys.ts';

const ROWS = [
  ['next', ['J']],
  ['previous', ['K']],
  ['open', ['Enter']],
  ['assign', ['1', '2', '3']],
  ['close', ['Esc']],
  ['plan', ['O']],
  ['plans', ['P']],
  ['search', ['/']],
  ['undo', ['Ctrl Z']],
  ['theme', ['D']],
  ['help', ['?']],
] as const;

interface HelpDialogProps {
  readonly ref: React.RefObject<HTMLDialogElement | null>;
  readonly onGuide: () => void;
}

/** Every key, and the switch for those who need single letters for themselves. */
export function HelpDialog({ ref, onGuide }: HelpDialogProps): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <dialog ref={ref} aria-label={t('keys.title')} className="help">
      <HelpContent onGuide={onGuide} />
    </dialog>
  );
}

/** What the help says, for the dialog. */
export function HelpContent({ onGuide }: { onGuide: () => void }): React.JSX.Element {
  const { t } = useTranslation();
  const [single, setSingle] = useState(singleKeysOn);
  return (
    <>
      <h2>{t('keys.title')}</h2>
      <dl>
        {ROWS.map(([word, keys]) => (
          <div key={word}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(`keys.${word}`)}</dd>
          </div>
        ))}
      </dl>
      <label className="switch">
        <input
          type="checkbox"
          checked={single}
          onChange={(event) => {
            keepSingleKeys(event.target.checked);
            setSingle(event.target.checked);
          }}
        />
        <span>
          {t('keys.single')}
          <span className="muted">{t('keys.singleHint')}</span>
        </span>
      </label>
      <form method="dialog">
        <div className="buttons">
          <button className="primary">{t('dispatch.close')}</button>
          <button onClick={onGuide}>{t('menu.guide')}</button>
        </div>
      </form>
    </>
  );
}
