import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePhone, usePhoneState } from '../phone-context.ts';

/** Makes this phone known by a code: at first, and after the office has ended its access. */
export function EnrolScreen({ revoked }: { revoked: boolean }): React.JSX.Element {
  const { t } = useTranslation();
  const phone = usePhone();
  const enrolling = usePhoneState((state) => state.enrolling);
  const problem = usePhoneState((state) => state.codeProblem);
  const kept = usePhoneState((state) => state.outbox.waiting.length);
  const [code, setCode] = useState('');
  const [empty, setEmpty] = useState(false);
  const id = useId();
  const wrong = empty ? t('phone.signIn.empty') : problem;

  return (
    <main className="page">
      <p className="product">{t('phone.name')}</p>
      <h1>{revoked ? t('phone.signIn.revokedTitle') : t('phone.signIn.title')}</h1>
      {revoked ? (
        <div role="status" className="page-notes">
          <p>{t('phone.signIn.revoked')}</p>
          {kept > 0 && <p>{t('phone.signIn.revokedWaiting', { count: kept })}</p>}
          <p>{t('phone.signIn.revokedHint')}</p>
        </div>
      ) : (
        <p className="muted">{t('phone.signIn.hint')}</p>
      )}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (enrolling) return;
          setEmpty(code.trim() === '');
          if (code.trim() !== '') void phone.enrol(code.trim());
        }}
      >
        <label htmlFor={id}>{t('phone.signIn.code')}</label>
        <input
          id={id}
          className="code number"
          value={code}
          onChange={(event) => setCode(event.target.value)}
          autoComplete="one-time-code"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={40}
          aria-describedby={`${id}-hint ${id}-wrong`}
          aria-invalid={wrong !== null}
        />
        <p id={`${id}-hint`} className="muted small">
          {t('phone.signIn.codeHint')}
        </p>
        <p id={`${id}-wrong`} role="alert" className="bad">
          {wrong}
        </p>
        <button type="submit" className="primary main-action" aria-disabled={enrolling}>
          {enrolling ? t('phone.signIn.going') : t('phone.signIn.go')}
        </button>
      </form>
    </main>
  );
}
