import { useMemo } from 'react';
import { seeCrew, stopsByShift, vehicleOf, type CrewSeen } from '../state/crew-load.ts';
import { useCityNow, useDesk, useDeskState, usePositionBeat } from './desk-context.ts';

/** The crews of the day as the lists show them: anew when jobs or shifts change, and once a second for their ages. */
export function useCrews(): readonly CrewSeen[] {
  const desk = useDesk();
  const jobs = useDeskState((state) => state.jobs);
  const shifts = useDeskState((state) => state.shifts);
  const freshSeconds = useDeskState((state) => state.city?.positionFreshSeconds ?? 300);
  const beat = usePositionBeat();
  const now = useCityNow(5);
  const stops = useMemo(() => stopsByShift(jobs), [jobs]);
  return useMemo(() => {
    const byShift = new Map([...desk.positions.latest.values()].map((position) => [position.shiftId, position]));
    // Told anew with every beat: positions are outside React.
    void beat;
    return [...shifts.values()]
      .sort((a, b) => a.crewNumber - b.crewNumber)
      .map((shift) => {
        const position = byShift.get(shift.id) ?? desk.positions.latest.get(vehicleOf(shift, now)?.id ?? '');
        return seeCrew(shift, stops.get(shift.id) ?? [], position, now, freshSeconds);
      });
  }, [desk, shifts, stops, freshSeconds, beat, now]);
}
