import '../report/report.css';
import '../report/follow.css';
import './gallery.css';
import './gallery-report.css';
import { Follows, FollowsAway, Frames } from './follow-specimens.tsx';
import type { Sections } from './gallery.tsx';
import { DetailsSteps, NearSteps, SentSteps, WhatSteps, WhereSteps } from './report-specimens.tsx';

// Maps come when they are asked for, as for somebody who saves data: a browser has not enough of them for all specimens.
Object.defineProperty(navigator, 'connection', { value: { saveData: true }, configurable: true });

/** The parts of the citizens' pages. */
export const sections: Sections<'report'> = [
  { name: 'where', Part: WhereSteps },
  { name: 'what', Part: WhatSteps },
  { name: 'near', Part: NearSteps },
  { name: 'details', Part: DetailsSteps },
  { name: 'sent', Part: SentSteps },
  { name: 'follow', Part: Follows },
  { name: 'followAway', Part: FollowsAway },
  { name: 'frame', Part: Frames },
];
