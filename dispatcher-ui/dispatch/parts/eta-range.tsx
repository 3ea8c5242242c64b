import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Eta } from '../../../server/stages/crew-day/contract.ts';
import { timeOfDay } from '../../state/format.ts';
import { useCityNow, useDesk, useDeskState, useZone } from '../desk-context.ts';
import { useReading } from '../use-reading.ts';

/** Between when and when it arrives; nothing for who is there. */
export function EtaRange({ eta }: { eta: Eta }): React.JSX.Element | null {
  const { t } = useTranslation();
  const zone = useZone();
  if (eta.range === null) return null;
  const { from, until, percent } = eta.range;
  return (
    <span className="eta-range" title={t('crew.etaRangeMeans', { percent })}>
      {t('crew.etaRange', { from: timeOfDay(from, zone), until: timeOfDay(until, zone) })}
    </span>
  );
}

/** When the crew of an assignment is expected, as things are now; read again each minute and with every change of its day. */
export function ExpectedAt({ shiftId, assignmentId }: { shiftId: string; assignmentId: string }): React.JSX.Element | null {
  const { t } = useTranslation();
  const desk = useDesk();
  const zone = useZone();
  const minute = useCityNow(60);
  const touched = useDeskState((state) => state.touched.get(shiftId) ?? 0);
  const read = useCallback((signal: AbortSignal) => desk.reads.day(shiftId, signal), [desk, shiftId]);
  const { value } = useReading(`${touched} ${minute}`, read);
  const stop = value?.stops.find((one) => one.kind === 'job' && one.assignmentId === assignmentId);
  if (stop?.kind !== 'job' || stop.eta === null || stop.eta.range === null) return null;
  return (
    <p className="number">
      {t('crew.eta', { time: timeOfDay(stop.eta.arrival, zone) })}, <EtaRange eta={stop.eta} />
    </p>
  );
}
