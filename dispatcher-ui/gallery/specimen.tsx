import { useEffect, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DeskContext } from '../dispatch/desk-context.ts';
import { enGallery } from '../words/en-gallery.ts';
import { galleryDesk, type GalleryDesk } from './gallery-desk.ts';

interface SpecimenProps {
  readonly is: keyof typeof enGallery.is;
  readonly step?: number;
  readonly desk?: GalleryDesk;
  /** Pixels; left out: as wide as its column. */
  readonly width?: number;
  /** Of a part that fills what it is given. */
  readonly height?: number;
  /** The age of the last news, which else grows while one looks. */
  readonly heardAgoMs?: number;
  readonly children: ReactNode;
}

const CALM_DESK: GalleryDesk = {};
const AGAIN_MS = 250;

/** One part in one state, with the desk it sees. What is fixed to the window stays inside its frame. */
export function Specimen(props: SpecimenProps): React.JSX.Element {
  const { is, step, desk: wanted = CALM_DESK, width, height, heardAgoMs, children } = props;
  const { t } = useTranslation();
  const desk = useMemo(() => galleryDesk(wanted), [wanted]);
  useEffect(() => {
    if (heardAgoMs === undefined) return;
    const hear = (): void => desk.store.setState({ heardAtMs: Date.now() - heardAgoMs });
    hear();
    const timer = setInterval(hear, AGAIN_MS);
    return () => clearInterval(timer);
  }, [desk, heardAgoMs]);
  return (
    <figure className="specimen" style={width === undefined ? {} : { width }}>
      <figcaption>{t(`gallery.is.${is}`, { step })}</figcaption>
      <div className="specimen-frame" style={height === undefined ? {} : { height }}>
        <DeskContext value={desk}>{children}</DeskContext>
      </div>
    </figure>
  );
}
