import type { ReactNode } from 'react';

/** One figure with its parts, under a heading. */
export function Card(props: {
  id: string;
  title: string;
  className?: string;
  aside?: ReactNode;
  children: ReactNode;
}): React.JSX.Element {
  return (
    <section className={`card ${props.className ?? ''}`} aria-labelledby={`${props.id}-title`}>
      <header className="card-head">
        <h2 id={`${props.id}-title`}>{props.title}</h2>
        {props.aside}
      </header>
      {props.children}
    </section>
  );
}

/** A figure that opens what it is made of; nothing is behind a zero. */
export function FigureLine(props: {
  label: string;
  value: string;
  note?: string | undefined;
  tone?: 'good' | 'warn' | 'bad' | undefined;
  mark?: ReactNode;
  onOpen?: (() => void) | undefined;
}): React.JSX.Element {
  const inner = (
    <>
      <span className="figure-label">
        {props.mark}
        {props.label}
      </span>
      {props.note !== undefined && <span className="figure-note muted">{props.note}</span>}
      <b className={props.tone ?? ''}>{props.value}</b>
    </>
  );
  return props.onOpen === undefined ? (
    <p className="figure-line number">{inner}</p>
  ) : (
    <button type="button" className="figure-line number" onClick={props.onOpen}>
      {inner}
    </button>
  );
}

/** The one number of a card that is seen from across the room. */
export function BigFigure(props: {
  value: string;
  unit: string;
  tone?: 'bad' | undefined;
  onOpen: () => void;
}): React.JSX.Element {
  return (
    <button type="button" className={`big-figure number ${props.tone ?? ''}`} onClick={props.onOpen}>
      <b>{props.value}</b> <span>{props.unit}</span>
    </button>
  );
}
