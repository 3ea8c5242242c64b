import { useMemo } from 'react';
import { PhoneContext } from '../crew/phone-context.ts';
import { galleryPhone, type GalleryPhone } from './gallery-phone.ts';
import { SpecimenFrame, type FrameProps } from './specimen-frame.tsx';

/** As wide as a phone. */
const WIDTH = 390;
const CALM_PHONE: GalleryPhone = {};

/** One part of the crew's phone in one state, with the phone it sees. */
export function PhoneSpecimen({
  phone: wanted = CALM_PHONE,
  children,
  ...frame
}: FrameProps & { readonly phone?: GalleryPhone | undefined }): React.JSX.Element {
  const phone = useMemo(() => galleryPhone(wanted), [wanted]);
  return (
    <SpecimenFrame width={WIDTH} {...frame}>
      <PhoneContext value={phone}>{children}</PhoneContext>
    </SpecimenFrame>
  );
}
