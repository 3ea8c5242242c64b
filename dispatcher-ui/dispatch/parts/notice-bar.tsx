import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { undo } from '../../state/desk-actions.ts';
import { useDesk, useDeskState } from '../desk-context.ts';
import '../notice.css';

const GOOD_NEWS_MS = 9_000;

/** What the last action came to, with its way back or out; read aloud. Good news goes by itself, bad news stays. */
export function NoticeBar(): React.JSX.Element {
  const { t } = useTranslation();
  const desk = useDesk();
  const notice = useDeskState((state) => state.notice);
  useEffect(() => {
    if (notice === null || notice.tone === 'error') return;
    const timer = setTimeout(() => desk.tell(null), notice.tone === 'ok' ? GOOD_NEWS_MS : 2 * GOOD_NEWS_MS);
    return () => clearTimeout(timer);
  }, [notice, desk]);
  return (
    <div className="notice-place" role="status" aria-live={notice?.tone === 'error' ? 'assertive' : 'polite'}>
      {notice !== null && (
        <div className={`notice notice-${notice.tone}`} key={notice.id}>
          {notice.tone === 'ok' ? <IconCheck size={18} aria-hidden="true" /> : <IconAlertTriangle size={18} aria-hidden="true" />}
          <p>
            {t(notice.word, notice.params)}
            {notice.detail !== null && <span className="notice-detail">{notice.detail}</span>}
          </p>
          {notice.undo !== null && (
            <button type="button" onClick={() => void undo(desk, notice.undo)}>
              {t('dispatch.undo')}
            </button>
          )}
          {notice.retry !== null && (
            <button type="button" className="primary" onClick={notice.retry}>
              {t('error.retry')}
            </button>
          )}
          <button type="button" className="icon" onClick={() => desk.tell(null)} aria-label={t('dispatch.close')}>
            <IconX size={16} aria-hidden="true" />
          </button>
        </div>
      )}
    </div>
  );
}
