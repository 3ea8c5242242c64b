import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { enGallery } from '../words/en-gallery.ts';

/** What a specimen shows, as a word of the gallery. */
export type Is = keyof typeof enGallery.is;

export interface FrameProps {
  readonly is: Is;
  readonly step?: number | undefined;
  /** Pixels; left out: as wide as its column. */
  readonly width?: number | undefined;
  /** Of a part that fills what it is given. */
  readonly height?: number | undefined;
  readonly children: ReactNode;
}

/** One part in one state, named. What is fixed to the window stays inside its frame. */
export function SpecimenFrame({ is, step, width, height, children }: FrameProps): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <figure className="specimen" style={width === undefined ? {} : { width }}>
      <figcaption>{t(`gallery.is.${is}`, { step })}</figcaption>
      <div className="specimen-frame" style={height === undefined ? {} : { height }}>
        {children}
      </div>
    </figure>
  );
}
