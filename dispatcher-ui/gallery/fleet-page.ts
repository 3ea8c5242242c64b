import '../fleet/fleet.css';
import './gallery.css';
import './gallery-fleet.css';
import {
  Areas,
  FigureCards,
  Heads,
  Hours,
  Kilometres,
  Ledgers,
  Loads,
  MessagePages,
  PlanTables,
  Todays,
} from './fleet-specimens.tsx';
import type { Sections } from './gallery.tsx';
import {
  CrewsOfDay,
  DayFigureRows,
  LeftOuts,
  PlansOfDays,
  PromisesAndFaults,
  Scrubbers,
  Timelines,
} from './recorded-specimens.tsx';

/** The parts of the fleet pages. */
export const sections: Sections<'fleet'> = [
  { name: 'today', Part: Todays },
  { name: 'figures', Part: FigureCards },
  { name: 'hours', Part: Hours },
  { name: 'areas', Part: Areas },
  { name: 'loads', Part: Loads },
  { name: 'kilometres', Part: Kilometres },
  { name: 'plans', Part: PlanTables },
  { name: 'overrides', Part: Ledgers },
  { name: 'head', Part: Heads },
  { name: 'pages', Part: MessagePages },
  { name: 'dayFigures', Part: DayFigureRows },
  { name: 'timeline', Part: Timelines },
  { name: 'crewOfDay', Part: CrewsOfDay },
  { name: 'scrubber', Part: Scrubbers },
  { name: 'leftOut', Part: LeftOuts },
  { name: 'promises', Part: PromisesAndFaults },
  { name: 'plansOfDay', Part: PlansOfDays },
];
