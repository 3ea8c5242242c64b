import { IconAlertTriangle, IconCurrentLocationOff, IconInfoCircle, IconUrgent, IconWifiOff } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cityNow } from '../../state/city-clock.ts';
import { timeOfDay } from '../../state/format.ts';
import type { Notice } from '../phone-state.ts';
import { usePhone, usePhoneState, useWallNow, useZone } from '../phone-context.ts';

/** A line that drops and comes back within this is nothing a driver needs to read. */
const QUIET_MS = 4_000;
/** Without news for so long, what is shown is old, whatever the connection says. */
const OLD_MS = 90_000;

/** Whatever is not as usual, in words, above everything else. */
export function Banners(): React.JSX.Element {
  const { t } = useTranslation();
  const phone = usePhone();
  const notices = usePhoneState((state) => state.notices);
  const keepFailed = usePhoneState((state) => state.keepFailed);
  return (
    <div className="banners">
      <div role="status">
        <OfflineBanner />
        <PositionBanner />
        {keepFailed && <Banner tone="warning" icon={<IconAlertTriangle aria-hidden="true" />} text={t('phone.keepFailed')} />}
      </div>
      <div role="alert">
        <AlarmBanner />
        {notices.map((notice) => (
          <Banner
            key={notice.id}
            tone={notice.kind === 'taken_back' ? 'strong' : 'warning'}
            icon={<IconInfoCircle aria-hidden="true" />}
            text={noticeText(t, notice)}
            action={
              <button type="button" onClick={() => phone.dismiss(notice.id)}>
                {t('phone.ok')}
              </button>
            }
          />
        ))}
      </div>
    </div>
  );
}

/** A call for help is never out of sight. */
function AlarmBanner(): React.JSX.Element | null {
  const { t } = useTranslation();
  const phone = usePhone();
  const zone = useZone();
  const alarm = usePhoneState((state) => state.alarm);
  if (alarm === null) return null;
  const said =
    alarm.phase === 'calling'
      ? t('phone.alarm.calling')
      : alarm.phase === 'told'
        ? t('phone.alarm.told', { time: timeOfDay(alarm.atMs, zone) })
        : alarm.because;
  return (
    <Banner
      tone="strong"
      icon={<IconUrgent aria-hidden="true" />}
      text={said}
      action={
        <button type="button" onClick={() => phone.open('alarm')}>
          {t('phone.alarm.look')}
        </button>
      }
    />
  );
}

function noticeText(t: TFunction, notice: Notice): string {
  switch (notice.kind) {
    case 'taken_back':
      return notice.jobNumber === null ? t('phone.takenBackUnknown') : t('phone.takenBack', { number: notice.jobNumber });
    case 'refused':
      return t('phone.refused', { because: notice.because });
    case 'code_not_used':
      return t('phone.signIn.codeNotUsed', { because: notice.because });
    default:
      return notice satisfies never;
  }
}

function OfflineBanner(): React.JSX.Element | null {
  const { t } = useTranslation();
  const zone = useZone();
  const wall = useWallNow();
  const connected = usePhoneState((state) => state.connected);
  const heardAtMs = usePhoneState((state) => state.heardAtMs);
  const waiting = usePhoneState((state) => state.outbox.waiting.length);
  const clock = usePhoneState((state) => state.clock);
  const day = usePhoneState((state) => state.day);
  const age = heardAtMs === null ? Number.POSITIVE_INFINITY : wall - heardAtMs;
  if (age < OLD_MS && (connected || age < QUIET_MS)) return null;
  const asOf = day !== null ? Date.parse(day.now) : clock === null ? null : cityNow(clock, clock.wallMs);
  return (
    <Banner
      tone="warning"
      icon={<IconWifiOff aria-hidden="true" />}
      text={waiting === 0 ? t('phone.offline.nothing') : t('phone.offline.waiting', { count: waiting })}
      more={asOf === null ? null : t('phone.offline.asOf', { time: timeOfDay(asOf, zone) })}
    />
  );
}

function PositionBanner(): React.JSX.Element | null {
  const { t } = useTranslation();
  const phone = usePhone();
  const zone = useZone();
  const sharing = usePhoneState((state) => state.sharing);
  const own = usePhoneState((state) => state.own);
  const clock = usePhoneState((state) => state.clock);
  const icon = <IconCurrentLocationOff aria-hidden="true" />;
  if (sharing === 'denied') {
    const again = (): void => {
      phone.setSharing(false);
      phone.setSharing(true);
    };
    return (
      <Banner
        tone="warning"
        icon={icon}
        text={t('phone.position.denied')}
        action={
          <button type="button" onClick={again}>
            {t('phone.retry')}
          </button>
        }
      />
    );
  }
  if (sharing === 'unsupported') return <Banner tone="warning" icon={icon} text={t('phone.position.unsupported')} />;
  if (sharing !== 'lost') return null;
  const at = own === null || clock === null ? null : clock.cityMs - (clock.wallMs - own.atMs);
  return <Banner tone="warning" icon={icon} text={t('phone.position.lost', { time: at === null ? '–' : timeOfDay(at, zone) })} />;
}

function Banner({
  tone,
  icon,
  text,
  more = null,
  action,
}: {
  tone: 'warning' | 'strong';
  icon: ReactNode;
  text: string;
  more?: string | null;
  action?: ReactNode;
}): React.JSX.Element {
  return (
    <div className={`banner banner-${tone}`}>
      {icon}
      <p className="grow">
        {text}
        {more !== null && <span className="banner-more number"> {more}</span>}
      </p>
      {action}
    </div>
  );
}
