import { IconSearch, IconX } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeskJob } from '../../state/desk-job.ts';
import { useDesk, useDeskState } from '../desk-context.ts';
import { QUEUE_SORTS, QUEUE_VIEWS, queueOf, viewOf, type QueueFilter, type QueueSort, type QueueView } from '../queue-filter.ts';
import { onKeyCommand } from '../use-keys.ts';
import { PriorityMark } from './priority-mark.tsx';
import { QueueRow } from './queue-row.tsx';

const ROW_PIXELS = 58;
const ALL: Omit<QueueFilter, 'areaId'> = { view: 'waiting', priorities: new Set(), search: '', sort: 'due' };

/** The jobs of the day: what waits, what is planned, what is with crews, what is over. */
export function QueuePane(): React.JSX.Element {
  const { t } = useTranslation();
  const titleId = useId();
  const desk = useDesk();
  const jobs = useDeskState((state) => state.jobs);
  const shifts = useDeskState((state) => state.shifts);
  const selection = useDeskState((state) => state.selection);
  const loading = useDeskState((state) => state.phase === 'loading' && state.jobs.size === 0);
  const areaId = useDeskState((state) => state.areaId);
  const [kept, setKept] = useState(ALL);
  const filter = useMemo(() => ({ ...kept, areaId }), [kept, areaId]);
  const change = (part: Partial<typeof ALL>): void => setKept((before) => ({ ...before, ...part }));
  const queue = useMemo(() => queueOf(jobs, filter, (id) => shifts.get(id)?.crewName ?? ''), [jobs, shifts, filter]);
  const selected = selection?.kind === 'job' ? selection.id : null;
  const filtered = filter.search !== '' || filter.priorities.size > 0 || areaId !== null;

  const step = useCallback(
    (by: number) => {
      const at = queue.jobs.findIndex(({ id }) => id === selected);
      const last = queue.jobs.length - 1;
      // With nothing selected one comes in from the end one moves away from.
      const to = at === -1 ? (by > 0 ? by - 1 : last + 1 + by) : at + by;
      const next = queue.jobs[Math.max(0, Math.min(last, to))];
      if (next !== undefined) desk.select({ kind: 'job', id: next.id });
    },
    [queue, selected, desk],
  );
  useEffect(
    () =>
      onKeyCommand((command) => {
        if (command === 'next') step(1);
        if (command === 'previous') step(-1);
      }),
    [step],
  );
  // Something selected elsewhere (on the map, in a plan) is found here too: the queue shows the view it is in.
  const [shown, setShown] = useState(selected);
  if (selected !== shown) {
    setShown(selected);
    const job = selected === null ? undefined : jobs.get(selected);
    const view = job === undefined ? null : viewOf(job);
    if (view !== null && view !== filter.view && !queue.jobs.some(({ id }) => id === selected)) change({ view });
  }

  return (
    <section className="pane queue" id="queue" aria-labelledby={titleId}>
      <header className="pane-head">
        <h2 id={titleId}>{t('queue.title')}</h2>
        <span className="visually-hidden" role="status">
          {!loading && t('queue.found', { count: queue.jobs.length })}
        </span>
        <span className="grow" />
        <AreaFilter />
        <select
          aria-label={t('queue.sort')}
          value={filter.sort}
          onChange={(event) => change({ sort: event.target.value as QueueSort })}
          disabled={filter.view === 'over'}
        >
          {QUEUE_SORTS.map((sort) => (
            <option key={sort} value={sort}>
              {t(`queue.sort_${sort}`)}
            </option>
          ))}
        </select>
      </header>
      <div className="queue-tools">
        <div className="search">
          <IconSearch size={16} aria-hidden="true" />
          <input
            id="queue-search"
            type="search"
            placeholder={t('queue.search')}
            aria-label={t('queue.searchLabel')}
            aria-keyshortcuts="/"
            value={filter.search}
            onChange={(event) => change({ search: event.target.value })}
          />
          {filter.search === '' ? (
            <kbd aria-hidden="true">/</kbd>
          ) : (
            <button type="button" className="icon" aria-label={t('queue.clear')} onClick={() => change({ search: '' })}>
              <IconX size={14} aria-hidden="true" />
            </button>
          )}
        </div>
        <div className="priorities">
          {[1, 2, 3, 4].map((priority) => {
            const on = filter.priorities.has(priority);
            return (
              <button
                type="button"
                key={priority}
                className="toggle"
                aria-pressed={on}
                title={t('queue.priority', { priority })}
                aria-label={t('queue.priority', { priority })}
                onClick={() => {
                  const priorities = new Set(filter.priorities);
                  if (!priorities.delete(priority)) priorities.add(priority);
                  change({ priorities });
                }}
              >
                <PriorityMark priority={priority} small />
              </button>
            );
          })}
        </div>
      </div>
      <div className="tabs" role="radiogroup" aria-label={t('queue.view')}>
        {QUEUE_VIEWS.map((view: QueueView) => (
          <label key={view} className={view === filter.view ? 'tab tab-on' : 'tab'}>
            <input
              type="radio"
              name={`${titleId}-view`}
              className="visually-hidden"
              checked={view === filter.view}
              onChange={() => change({ view })}
            />
            {t(`queue.view_${view}`)} <span className="number">{loading ? '–' : queue.counts[view]}</span>
          </label>
        ))}
      </div>
      {loading ? (
        <div className="queue-list" aria-busy="true">
          {Array.from({ length: 9 }, (_, i) => (
            <div className="row row-skeleton" key={i} style={{ height: ROW_PIXELS }}>
              <span className="skeleton skeleton-mark" />
              <span className="skeleton" style={{ width: `${50 + ((i * 17) % 30)}%` }} />
              <span className="skeleton skeleton-low" style={{ width: `${60 + ((i * 23) % 30)}%` }} />
            </div>
          ))}
        </div>
      ) : queue.jobs.length === 0 ? (
        <div className="empty">
          {filtered ? (
            <>
              <p>{t('queue.emptySearch')}</p>
              <button
                type="button"
                onClick={() => {
                  change({ search: '', priorities: new Set() });
                  desk.keepToArea(null);
                }}
              >
                {t('queue.emptySearchDo')}
              </button>
            </>
          ) : filter.view === 'waiting' ? (
            <>
              <p>{t('queue.emptyWaiting')}</p>
              <p className="muted">{t('queue.emptyWaitingHint')}</p>
            </>
          ) : (
            <p>{t('queue.emptyOther')}</p>
          )}
        </div>
      ) : (
        <QueueList jobs={queue.jobs} selected={selected} onStep={step} onSelect={(id) => desk.select({ kind: 'job', id })} />
      )}
    </section>
  );
}

/** All of the city or one part of it; the map shows which. A city without named parts has no such filter. */
function AreaFilter(): React.JSX.Element | null {
  const { t } = useTranslation();
  const desk = useDesk();
  const areas = useDeskState((state) => state.areas);
  const areaId = useDeskState((state) => state.areaId);
  if (areas.length === 0) return null;
  const kinds = [...new Set(areas.map(({ kind }) => kind))];
  return (
    <select
      aria-label={t('area.filter')}
      className={areaId === null ? '' : 'select-on'}
      value={areaId ?? ''}
      onChange={(event) => desk.keepToArea(event.target.value === '' ? null : event.target.value)}
    >
      <option value="">{t('area.all')}</option>
      {kinds.map((kind) => (
        <optgroup key={kind} label={t('area.kind', { kind })}>
          {areas
            .filter((area) => area.kind === kind)
            .map(({ id, name, polygons }) => (
              <option key={id} value={id}>
                {polygons === null ? t('area.nameOnly', { name }) : name}
              </option>
            ))}
        </optgroup>
      ))}
    </select>
  );
}

interface QueueListProps {
  readonly jobs: readonly DeskJob[];
  readonly selected: string | null;
  readonly onStep: (by: number) => void;
  readonly onSelect: (id: string) => void;
}

/** Only what is in sight is in the page: a snow day has a thousand rows. */
function QueueList({ jobs, selected, onStep, onSelect }: QueueListProps): React.JSX.Element {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: jobs.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PIXELS,
    overscan: 8,
    getItemKey: (index) => jobs[index]?.id ?? index,
  });
  const at = jobs.findIndex(({ id }) => id === selected);
  const latest = useRef({ at, rows });
  useEffect(() => {
    latest.current = { at, rows };
  });
  // Only when another one is selected, not when the list moves under it.
  useEffect(() => {
    if (latest.current.at >= 0) latest.current.rows.scrollToIndex(latest.current.at, { align: 'auto' });
  }, [selected]);
  return (
    <div
      ref={box}
      id="queue-list"
      className="queue-list"
      role="listbox"
      aria-label={t('queue.list')}
      aria-activedescendant={at >= 0 ? `job-${selected}` : undefined}
      tabIndex={0}
      onKeyDown={(event) => {
        const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -jobs.length, End: jobs.length }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        onStep(by);
      }}
    >
      <div style={{ height: rows.getTotalSize() }} className="queue-rows" role="presentation">
        {rows.getVirtualItems().map((item) => {
          const job = jobs[item.index];
          if (job === undefined) return null;
          return (
            <QueueRow
              key={item.key}
              job={job}
              selected={job.id === selected}
              position={item.index + 1}
              size={jobs.length}
              top={item.start}
              height={item.size}
              onSelect={onSelect}
            />
          );
        })}
      </div>
    </div>
  );
}
