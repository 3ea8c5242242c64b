import { useEffect, useMemo } from 'react';
import { DeskContext } from '../dispatch/desk-context.ts';
import { galleryDesk, type GalleryDesk } from './gallery-desk.ts';
import { SpecimenFrame, type FrameProps } from './specimen-frame.tsx';

interface SpecimenProps extends FrameProps {
  readonly desk?: GalleryDesk;
  /** The age of the last news, which else grows while one looks. */
  readonly heardAgoMs?: number;
}

const CALM_DESK: GalleryDesk = {};
const AGAIN_MS = 250;

/** One part of the dispatch screen in one state, with the desk it sees. */
export function Specimen({ desk: wanted = CALM_DESK, heardAgoMs, children, ...frame }: SpecimenProps): React.JSX.Element {
  const desk = useMemo(() => galleryDesk(wanted), [wanted]);
  useEffect(() => {
    if (heardAgoMs === undefined) return;
    const hear = (): void => desk.store.setState({ heardAtMs: Date.now() - heardAgoMs });
    hear();
    const timer = setInterval(hear, AGAIN_MS);
    return () => clearInterval(timer);
  }, [desk, heardAgoMs]);
  return (
    <SpecimenFrame {...frame}>
      <DeskContext value={desk}>{children}</DeskContext>
    </SpecimenFrame>
  );
}
