import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** The head of what is selected: its mark, its name, a line below, and the way back. */
export function DrawerHead(props: { mark: ReactNode; title: string; below: ReactNode; onClose: () => void }): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <header className="drawer-head">
      {props.mark}
      <div className="drawer-title">
        <h2>{props.title}</h2>
        <p className="muted">{props.below}</p>
      </div>
      <button type="button" className="icon" onClick={props.onClose} aria-label={t('dispatch.close')} aria-keyshortcuts="Escape">
        <IconX size={18} aria-hidden="true" />
      </button>
    </header>
  );
}

/** What is still being read: grey lines where it will stand. */
export function SkeletonLines({ lines }: { lines: number }): React.JSX.Element {
  return (
    <div className="skeleton-lines" aria-busy="true">
      {Array.from({ length: lines }, (_, i) => (
        <span className="skeleton" key={i} style={{ width: `${60 + ((i * 29) % 40)}%` }} />
      ))}
    </div>
  );
}

/** A part that could not be read, and the way out. */
export function PartFailed({ onRetry }: { onRetry: () => void }): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <p className="part-failed">
      {t('error.part')}{' '}
      <button type="button" onClick={onRetry}>
        {t('error.reload')}
      </button>
    </p>
  );
}
