import '../crew/crew.css';
import '../crew/stop.css';
import '../crew/sheets.css';
import './gallery.css';
import './gallery-crew.css';
import { BannersOfPhone, BeginScreens, EndedScreens, MessageScreens } from './crew-specimens.tsx';
import type { Sections } from './gallery.tsx';
import { PhoneSheets } from './sheet-specimens.tsx';
import { NoticesOfPhone, StopCards, TopLines, TurnBanners } from './stop-specimens.tsx';

// A sheet makes the rest of its window inert; here all of them are shown at once, each in its frame.
HTMLDialogElement.prototype.showModal = function showInFrame() {
  this.show();
};

/** The parts of the crew's phone. */
export const sections: Sections<'crew'> = [
  { name: 'screens', Part: MessageScreens },
  { name: 'begin', Part: BeginScreens },
  { name: 'stop', Part: StopCards },
  { name: 'duty', Part: TopLines },
  { name: 'turn', Part: TurnBanners },
  { name: 'notices', Part: NoticesOfPhone },
  { name: 'banners', Part: BannersOfPhone },
  { name: 'ended', Part: EndedScreens },
  { name: 'sheets', Part: PhoneSheets },
];
