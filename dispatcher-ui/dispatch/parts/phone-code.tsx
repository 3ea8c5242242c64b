import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Device, EnrolmentCode } from '../../../server/stores/accounts/contract.ts';
import { minutesText } from '../../state/format.ts';
import { useWallNow } from '../desk-context.ts';

interface PhoneCodeProps {
  readonly code: EnrolmentCode;
  readonly vehicleCode: string;
  /** Ids of the devices there were when it was made, and those there are now. */
  readonly before: ReadonlySet<string>;
  readonly devices: readonly Pick<Device, 'id'>[];
  readonly onClose: () => void;
}

/** A code to read out or to open on the phone: large, with how long it is good, until it has been used. */
export function PhoneCode({ code, vehicleCode, before, devices, onClose }: PhoneCodeProps): React.JSX.Element {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const left = (Date.parse(code.expiresAt) - useWallNow()) / 60_000;
  const address = `${location.origin}/crew#${code.code}`;
  if (devices.some(({ id }) => !before.has(id))) {
    return (
      <p className="callout callout-ok" role="status">
        {t('enrol.done')}{' '}
        <button type="button" onClick={onClose}>
          {t('dispatch.close')}
        </button>
      </p>
    );
  }
  if (left <= 0) {
    return (
      <p className="callout callout-warning" role="status">
        {t('enrol.expired')}
      </p>
    );
  }
  return (
    <div className="callout phone-code" role="status">
      <p className="muted">{t('enrol.code', { vehicle: vehicleCode })}</p>
      <p className="phone-code-text number">{code.code}</p>
      <p>{t('enrol.says', { address: `${location.host}/crew` })}</p>
      <p className="phone-code-address">
        <a href={address} target="_blank" rel="noopener">
          {address.replace(/^https?:\/\//, '')}
        </a>
        {/* Browsers give the clipboard to https and localhost only. */}
        {'clipboard' in navigator && (
          <button type="button" onClick={() => void navigator.clipboard.writeText(address).then(() => setCopied(true))}>
            {copied ? t('enrol.copied') : t('enrol.copy')}
          </button>
        )}
      </p>
      {/* Not read out every half second. */}
      <p className="muted number" aria-live="off">
        {t('enrol.expires', { time: minutesText(Math.ceil(left)) })}
      </p>
    </div>
  );
}
