import { useState } from 'react';
import { useTranslation } from 'react-i18next';

/** The file for an auditor, and the command that judges it on any machine. */
export function PlanCheck({ planId, proven }: { planId: string; proven: boolean }): React.JSX.Element {
  const { t } = useTranslation();
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  // The name that the server gives the file.
  const command = `npm run verify -- plan-${planId}.json`;
  const copy = (): void => {
    // Not there on pages that came without https.
    const written =
      (navigator.clipboard as Clipboard | undefined)?.writeText(command) ?? Promise.reject(new Error('no clipboard'));
    written.then(
      () => setCopied('yes'),
      () => setCopied('failed'),
    );
  };
  return (
    <section className="part" aria-labelledby="plan-check">
      <h3 id="plan-check">{t('planPage.verify')}</h3>
      <p>
        <a className="button" href={`/api/plans/${planId}/document`} download>
          {t('explain.proof.export')}
        </a>
      </p>
      <p>{t('planPage.verifyHint')}</p>
      <div className="command">
        <pre tabIndex={0} role="region" aria-label={t('planPage.command')}>
          <code>{command}</code>
        </pre>
        <button type="button" onClick={copy}>
          {t('planPage.copy')}
        </button>
      </div>
      <p className="muted" role="status">
        {copied === 'no'
          ? t(proven ? 'planPage.verifySays' : 'planPage.verifyNone')
          : t(copied === 'yes' ? 'planPage.copied' : 'planPage.copyFailed')}
      </p>
    </section>
  );
}
