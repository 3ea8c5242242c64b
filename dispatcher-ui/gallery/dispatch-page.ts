import '../dispatch/dispatch.css';
import './gallery.css';
import { CrewDrawers, JobDrawers, Phones } from './drawer-specimens.tsx';
import type { Sections } from './gallery.tsx';
import { BannerSpecimens, LiveChips, Marks, Notices } from './mark-specimens.tsx';
import { GuideSteps, Paces, Pages, Plans, Proofs } from './plan-specimens.tsx';
import { PlanPages } from './plan-page-specimens.tsx';
import { Crews, Queues, Rows } from './queue-specimens.tsx';
import { Trackers } from './tracker-specimens.tsx';

/** The dispatch screen's parts. */
export const sections: Sections<'dispatch'> = [
  { name: 'marks', Part: Marks },
  { name: 'live', Part: LiveChips },
  { name: 'pace', Part: Paces },
  { name: 'banners', Part: BannerSpecimens },
  { name: 'notices', Part: Notices },
  { name: 'queue', Part: Queues },
  { name: 'row', Part: Rows },
  { name: 'crews', Part: Crews },
  { name: 'job', Part: JobDrawers },
  { name: 'crew', Part: CrewDrawers },
  { name: 'phones', Part: Phones },
  { name: 'trackers', Part: Trackers },
  { name: 'plan', Part: Plans },
  { name: 'proof', Part: Proofs },
  { name: 'planPage', Part: PlanPages },
  { name: 'guide', Part: GuideSteps },
  { name: 'pages', Part: Pages },
];
