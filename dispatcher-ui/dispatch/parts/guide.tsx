import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { placeBeside, type Beside, type Box } from '../guide-place.ts';

interface Step {
  readonly name: 'queue' | 'map' | 'crews' | 'plan' | 'live';
  readonly target: string;
  readonly beside: Beside;
}

/** Each card stands beside its subject, mostly over the map, which nobody needs to read at that moment. */
export const STEPS: readonly Step[] = [
  { name: 'queue', target: '.queue', beside: 'right' },
  { name: 'map', target: '.map-pane', beside: 'right' },
  { name: 'crews', target: '.crews', beside: 'above' },
  { name: 'plan', target: '.side', beside: 'left' },
  { name: 'live', target: '.top-bar .live', beside: 'below' },
];

const KEY = 'thuma.guide';
export const guideSeen = (): boolean => localStorage.getItem(KEY) === 'done';
const keepSeen = (): void => localStorage.setItem(KEY, 'done');

interface Placed {
  readonly target: Box;
  readonly card: { readonly left: number; readonly top: number };
}

/** Five steps through the screen. The screen stays usable: nothing is locked, and Escape or one press ends it for good. */
export function Guide({ onClose }: { onClose: () => void }): React.JSX.Element | null {
  const [at, setAt] = useState(0);
  const [placed, setPlaced] = useState<Placed | null>(null);
  const card = useRef<HTMLDivElement>(null);
  const step = STEPS[at];

  useLayoutEffect(() => {
    if (step === undefined) return;
    const place = (): void => {
      const target = document.querySelector(step.target)?.getBoundingClientRect();
      const size = card.current?.getBoundingClientRect();
      if (target === undefined || size === undefined) return;
      const room = { width: window.innerWidth, height: window.innerHeight };
      setPlaced({
        target: { left: target.left, top: target.top, width: target.width, height: target.height },
        card: placeBeside(target, size, step.beside, room),
      });
    };
    place();
    const watch = new ResizeObserver(place);
    watch.observe(document.body);
    const subject = document.querySelector(step.target);
    if (subject !== null) watch.observe(subject);
    return () => watch.disconnect();
  }, [step]);

  // The words of the new step are read out: the focus goes to the card.
  const shown = placed !== null;
  useEffect(() => {
    if (shown) card.current?.focus();
  }, [at, shown]);

  if (step === undefined) return null;
  const end = (): void => {
    keepSeen();
    onClose();
  };
  return (
    <>
      {placed !== null && <div className="guide-ring" aria-hidden="true" style={inset(placed.target)} />}
      <GuideCard ref={card} at={at} style={placed === null ? { visibility: 'hidden' } : placed.card} onStep={setAt} onEnd={end} />
    </>
  );
}

interface GuideCardProps {
  readonly ref?: React.RefObject<HTMLDivElement | null>;
  /** Which step, from 0. */
  readonly at: number;
  readonly style?: React.CSSProperties;
  readonly onStep: (at: number) => void;
  readonly onEnd: () => void;
}

/** One step of the guide in words, with the ways on, back and out. */
export function GuideCard({ ref, at, style, onStep, onEnd }: GuideCardProps): React.JSX.Element | null {
  const { t } = useTranslation();
  const titleId = useId();
  const step = STEPS[at];
  if (step === undefined) return null;
  const last = at === STEPS.length - 1;
  return (
    <div
      ref={ref}
      className="guide"
      role="dialog"
      aria-label={t('guide.label')}
      aria-describedby={titleId}
      tabIndex={-1}
      style={style}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onEnd();
      }}
    >
      <div id={titleId}>
        <p className="muted number">{t('guide.step', { step: at + 1, steps: STEPS.length })}</p>
        <h2>{t(`guide.${step.name}.title`)}</h2>
        <p>{t(`guide.${step.name}.text`)}</p>
      </div>
      <div className="buttons">
        <button type="button" className="primary" onClick={last ? onEnd : () => onStep(at + 1)}>
          {last ? t('guide.end') : t('guide.next')}
        </button>
        {at > 0 && (
          <button type="button" onClick={() => onStep(at - 1)}>
            {t('guide.back')}
          </button>
        )}
        <span className="grow" />
        {!last && (
          <button type="button" className="quiet" onClick={onEnd}>
            {t('guide.skip')}
          </button>
        )}
      </div>
    </div>
  );
}

const inset = ({ left, top, width, height }: Box): React.CSSProperties => ({ left, top, width, height });
