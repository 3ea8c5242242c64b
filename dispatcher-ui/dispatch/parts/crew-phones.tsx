import { IconDeviceMobile, IconRouteX } from '@tabler/icons-react';
import { useCallback, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Device, EnrolmentCode } from '../../../server/stores/accounts/contract.ts';
import { askForCode, endDevice } from '../../state/desk-devices.ts';
import { whenText } from '../../state/format.ts';
import { useCityNow, useDesk, useZone } from '../desk-context.ts';
import { useReading } from '../use-reading.ts';
import { PartFailed, SkeletonLines } from './drawer-head.tsx';
import { PhoneCode } from './phone-code.tsx';

/** While a code is shown, the desk looks whether it has been used. */
const LOOK_MS = 3_000;

interface CrewPhonesProps {
  readonly crewName: string;
  readonly vehicle: { readonly id: string; readonly code: string } | null;
}

/** The phones and trackers of a crew's vehicle: signed in by a code, signed out here. */
export function CrewPhones({ crewName, vehicle }: CrewPhonesProps): React.JSX.Element {
  const { t } = useTranslation();
  const titleId = useId();
  return (
    <section className="part" aria-labelledby={titleId}>
      <h3 id={titleId}>{t('enrol.title')}</h3>
      {vehicle === null ? (
        <p className="muted">{t('enrol.noVehicle')}</p>
      ) : (
        <PhonesOf key={vehicle.id} crewName={crewName} vehicle={vehicle} />
      )}
    </section>
  );
}

function PhonesOf({ crewName, vehicle }: { crewName: string; vehicle: { id: string; code: string } }): React.JSX.Element {
  const { t } = useTranslation();
  const desk = useDesk();
  const [made, setMade] = useState<{ readonly code: EnrolmentCode; readonly before: ReadonlySet<string> } | null>(null);
  const [making, setMaking] = useState(false);
  const [round, setRound] = useState(0);
  const read = useCallback(
    async (signal: AbortSignal) =>
      (await desk.reads.devices(signal)).filter((device) => device.vehicleId === vehicle.id && device.revokedAt === null),
    [desk, vehicle.id],
  );
  const { value: devices, failed, again } = useReading(`${round}`, read);
  useEffect(() => {
    if (made === null) return;
    const timer = setInterval(() => setRound((n) => n + 1), LOOK_MS);
    return () => clearInterval(timer);
  }, [made]);

  const make = (): void => {
    setMaking(true);
    void askForCode(desk, { vehicleId: vehicle.id, label: t('enrol.label', { crew: crewName }) }, make).then((code) => {
      setMaking(false);
      if (code !== null) setMade({ code, before: new Set(devices?.map(({ id }) => id)) });
    });
  };
  return (
    <>
      {devices === null && !failed && <SkeletonLines lines={1} />}
      {failed && <PartFailed onRetry={again} />}
      {devices?.length === 0 && made === null && (
        <p className="muted">
          {t('enrol.none')} {t('enrol.intro')}
        </p>
      )}
      <ul className="cards">
        {devices?.map((device) => (
          <DeviceLine
            key={device.id}
            device={device}
            onEnd={() => {
              // A code that was used for it is no longer worth showing.
              setMade(null);
              void endDevice(desk, device).then(again);
            }}
          />
        ))}
      </ul>
      {made !== null && <PhoneCode {...made} vehicleCode={vehicle.code} devices={devices ?? []} onClose={() => setMade(null)} />}
      <p>
        <button type="button" onClick={make} disabled={making}>
          {making ? t('enrol.making') : t(made === null ? 'enrol.make' : 'enrol.again')}
        </button>
      </p>
    </>
  );
}

function DeviceLine({ device, onEnd }: { device: Device; onEnd: () => void }): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const now = useCityNow(60);
  const dialog = useRef<HTMLDialogElement>(null);
  const Icon = device.kind === 'crew_phone' ? IconDeviceMobile : IconRouteX;
  return (
    <li className="card">
      <div>
        <p className="device-name">
          <Icon size={16} aria-hidden="true" />
          <b>{device.label}</b>
        </p>
        <p className="muted number">
          {t(`enrol.kind.${device.kind}`)}
          {' · '}
          {device.lastSeenAt === null
            ? t('enrol.neverSeen')
            : t('enrol.lastSeen', { time: whenText(device.lastSeenAt, zone, now) })}
        </p>
      </div>
      <button type="button" aria-label={t('enrol.revokeOf', { label: device.label })} onClick={() => dialog.current?.showModal()}>
        {t('enrol.revoke')}
      </button>
      <dialog ref={dialog} aria-label={t('enrol.revokeOf', { label: device.label })}>
        <form
          method="dialog"
          onSubmit={(event) => {
            if ((event.nativeEvent as SubmitEvent).submitter?.dataset['do'] === 'end') onEnd();
          }}
        >
          <p>{t('enrol.sure', { label: device.label })}</p>
          <div className="buttons">
            <button className="primary" data-do="end">
              {t('enrol.revoke')}
            </button>
            <button>{t('enrol.keep')}</button>
          </div>
        </form>
      </dialog>
    </li>
  );
}
