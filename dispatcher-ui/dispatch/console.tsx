import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDesk, useDeskState } from './desk-context.ts';
import { useKeys } from './use-keys.ts';
import { Banners } from './parts/banners.tsx';
import { CityMapPane } from './parts/city-map-pane.tsx';
import { CrewDrawer } from './parts/crew-drawer.tsx';
import { CrewsPane } from './parts/crews-pane.tsx';
import { Guide, guideSeen } from './parts/guide.tsx';
import { HelpDialog } from './parts/help-dialog.tsx';
import { JobDrawer } from './parts/job-drawer.tsx';
import { NoticeBar } from './parts/notice-bar.tsx';
import { PlanPanel } from './parts/plan-panel.tsx';
import { QueuePane } from './parts/queue-pane.tsx';
import { TopBar } from './parts/top-bar.tsx';
import { TrackersDialog } from './parts/trackers-dialog.tsx';

/** The dispatch screen: queue, map, crews, and at the side what is selected or the plan. */
export function Console(): React.JSX.Element {
  const { t } = useTranslation();
  const desk = useDesk();
  const selection = useDeskState((state) => state.selection);
  const title = useDeskState((state) => state.city?.title ?? null);
  const side = useRef<HTMLElement>(null);
  const trackers = useRef<HTMLDialogElement>(null);
  const [trackersOpen, setTrackersOpen] = useState(false);
  const help = useRef<HTMLDialogElement>(null);
  const ready = useDeskState((state) => state.phase === 'ready');
  const [guided, setGuided] = useState(() => !guideSeen());
  const showHelp = (): void => {
    if (help.current?.open === false) help.current.showModal();
  };
  useKeys({ onHelp: showHelp });

  useEffect(() => {
    document.title = title === null ? `${t('dispatch.title')} - ${t('product')}` : `${title} - ${t('product')}`;
  }, [title, t]);
  useEffect(() => {
    side.current?.scrollTo({ top: 0 });
    // Where the desk is one column it may lie above what was pressed.
    if (selection !== null) side.current?.scrollIntoView({ block: 'start' });
  }, [selection]);

  return (
    <div className="console">
      <a className="skip" href="#queue">
        {t('dispatch.skip')}
      </a>
      <TopBar
        onHelp={showHelp}
        onGuide={() => setGuided(true)}
        onTrackers={() => {
          setTrackersOpen(true);
          trackers.current?.showModal();
        }}
      />
      <Banners />
      <div className="panes">
        <QueuePane />
        <CityMapPane />
        <aside className="pane side" id="side" aria-label={t('dispatch.side')} ref={side} tabIndex={-1}>
          {selection === null ? (
            <PlanPanel />
          ) : selection.kind === 'job' ? (
            <JobDrawer key={selection.id} id={selection.id} onClose={() => desk.select(null)} />
          ) : (
            <CrewDrawer key={selection.id} id={selection.id} onClose={() => desk.select(null)} />
          )}
        </aside>
        <CrewsPane />
      </div>
      <NoticeBar />
      {guided && ready && (
        <Guide
          onClose={() => {
            setGuided(false);
            document.getElementById('queue-list')?.focus();
          }}
        />
      )}
      <TrackersDialog ref={trackers} open={trackersOpen} onClose={() => setTrackersOpen(false)} />
      <HelpDialog ref={help} onGuide={() => setGuided(true)} />
    </div>
  );
}
