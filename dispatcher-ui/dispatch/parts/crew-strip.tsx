import { memo } from 'react';
import type { CrewSeen } from '../../state/crew-load.ts';
import { isUnderWay } from '../../state/desk-job.ts';
import { spanIn, timesOf, type DayWindow } from '../day-strip.ts';
import { useDesk, useDeskState } from '../desk-context.ts';

interface CrewStripProps {
  readonly shift: CrewSeen['shift'];
  readonly stops: CrewSeen['stops'];
  readonly window: DayWindow;
  readonly nowMs: number;
  readonly hours: readonly { readonly ms: number; readonly share: number }[];
}

/** A crew's day at a glance. The same is told in words in the crew's drawer, so it is silent for screen readers. */
export const CrewStrip = memo(function CrewStrip({ shift, stops, window, nowMs, hours }: CrewStripProps): React.JSX.Element {
  const desk = useDesk();
  const selectedJob = useDeskState(({ selection }) => (selection?.kind === 'job' ? selection.id : null));
  const onDuty = spanIn(window, Date.parse(shift.from), Date.parse(shift.until));
  const now = spanIn(window, nowMs, nowMs + 1);
  return (
    <div className="strip" aria-hidden="true">
      {hours.map(({ ms, share }) => (
        <span key={ms} className="strip-hour" style={{ left: `${share * 100}%` }} />
      ))}
      {onDuty !== null && <span className="strip-shift" style={place(onDuty)} />}
      {stops.map((stop) => {
        const times = timesOf(stop);
        const span = times === null ? null : spanIn(window, times.start, Math.max(times.end, times.start + 300_000));
        if (span === null || times === null) return null;
        const { assignment, job } = stop;
        const ended = assignment.endedAt !== null;
        const late = job.dueAt !== null && (ended ? times.end : times.start) > Date.parse(job.dueAt);
        const state = isUnderWay(assignment)
          ? 'on'
          : ended
            ? assignment.state === 'completed'
              ? 'done'
              : 'not'
            : assignment.state;
        return (
          <span
            key={assignment.id}
            className={`bar bar-${state} bar-p${job.priority}${late ? ' bar-late' : ''}${job.id === selectedJob ? ' bar-selected' : ''}`}
            style={place(span)}
            title={`P${job.priority} ${job.title}`}
            onClick={(event) => {
              event.stopPropagation();
              desk.select({ kind: 'job', id: job.id });
            }}
          >
            <span>{state === 'done' ? '✓' : `P${job.priority}`}</span>
          </span>
        );
      })}
      {now !== null && <span className="strip-now" style={{ left: `${now.left * 100}%` }} />}
    </div>
  );
});

const place = ({ left, width }: { left: number; width: number }): React.CSSProperties => ({
  left: `${left * 100}%`,
  width: `${width * 100}%`,
});
