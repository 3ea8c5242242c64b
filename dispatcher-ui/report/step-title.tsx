import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';

let first = true;

/** The heading of a step. It takes the focus when the step is come to, so that readers and keyboards begin there. */
export function StepTitle({ children }: { children: React.ReactNode }): React.JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Not at the first: nobody has moved yet.
    if (!first) heading.current?.focus();
    first = false;
    window.scrollTo(0, 0);
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

/** What is wrong, beside what it is about. */
export function Fault({ id, children }: { id: string; children: React.ReactNode }): React.JSX.Element {
  return (
    <p id={id} className="fault" role="alert">
      <IconAlertTriangle size={18} stroke={2} aria-hidden="true" />
      <span>{children}</span>
    </p>
  );
}
