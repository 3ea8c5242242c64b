import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EnrolledTracker } from '../../../server/stores/accounts/contract.ts';

interface Setting {
  readonly name: string;
  readonly value: string;
  /** A sentence instead of something to copy. */
  readonly isSaid?: boolean;
}

/** What has to be typed into the tracker, to copy line by line: its key is shown this once. */
export function TrackerSettings({ tracker, onClose }: { tracker: EnrolledTracker; onClose: () => void }): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <section className="callout tracker-settings" role="status" aria-label={t('trackers.done', { id: tracker.trackerId })}>
      <h3>{t('trackers.done', { id: tracker.trackerId })}</h3>
      <dl>
        {settingsOf(tracker, location.origin, t).map((setting) => (
          <div key={setting.name}>
            <dt className="muted">{setting.name}</dt>
            <dd>
              {setting.isSaid ? <span>{setting.value}</span> : <code>{setting.value}</code>}
              {!setting.isSaid && <Copy {...setting} />}
            </dd>
          </div>
        ))}
      </dl>
      {tracker.key !== null && <p className="muted">{t('trackers.once')}</p>}
      <p>
        <button type="button" className="primary" onClick={onClose}>
          {t('trackers.ready')}
        </button>
      </p>
    </section>
  );
}

function Copy({ name, value }: Setting): React.JSX.Element | null {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  // Browsers give the clipboard to https and localhost only.
  if (!('clipboard' in navigator)) return null;
  return (
    <button
      type="button"
      aria-label={t('trackers.copyOf', { what: name })}
      onClick={() => void navigator.clipboard.writeText(value).then(() => setCopied(true))}
    >
      {copied ? t('trackers.copied') : t('trackers.copy')}
    </button>
  );
}

function settingsOf(tracker: EnrolledTracker, origin: string, t: ReturnType<typeof useTranslation>['t']): Setting[] {
  const { protocol, trackerId, path, key } = tracker;
  const address = `${origin}${path}`;
  switch (protocol) {
    case 'osmand':
      return [
        { name: t('trackers.address'), value: `${address}?key=${key ?? ''}` },
        { name: t('trackers.device'), value: trackerId },
      ];
    case 'owntracks': {
      const [user = '', device = ''] = trackerId.split('/');
      return [
        { name: t('trackers.mode'), value: 'HTTP', isSaid: true },
        { name: t('trackers.address'), value: address },
        { name: t('trackers.user'), value: user },
        { name: t('trackers.passKey'), value: key ?? '' },
        { name: t('trackers.device'), value: device },
        { name: t('trackers.topic'), value: t('trackers.topicSays', { topic: `owntracks/${trackerId}` }), isSaid: true },
      ];
    }
    case 'traccar':
      return [
        { name: t('trackers.forwardType'), value: 'json' },
        { name: t('trackers.forwardUrl'), value: address },
        { name: t('trackers.forwardHeader'), value: t('trackers.forwardKey'), isSaid: true },
      ];
    default:
      return protocol satisfies never;
  }
}
