import { areas } from './areas.ts';
import { breaks } from './breaks.ts';
import type { Constraint } from './constraint.ts';
import { declined } from './declined.ts';
import { lockedCrew } from './locked-crew.ts';
import { lockedTime } from './locked-time.ts';
import { onShift } from './on-shift.ts';
import { plant } from './plant.ts';
import { reachable } from './reachable.ts';
import { release } from './release.ts';
import { shiftTime } from './shift-time.ts';
import { skillLevels } from './skill-levels.ts';
import { skills } from './skills.ts';
import { stock } from './stock.ts';
import { windows } from './windows.ts';

/** Rules between a crew and a job that no order of stops changes: compiled once into a table of who may do what. */
export const crewRules: readonly Constraint[] = [onShift, lockedCrew, skills, skillLevels, plant, stock, areas, declined];

/** Rules of place and time. `schedule.ts` keeps the same ones for whole sequences; here they say why a job alone fails. */
export const timeRules: readonly Constraint[] = [reachable, windows, lockedTime, shiftTime, release, breaks];

/** All rules, in the order they are asked. The reason a dispatcher is given is that of the crew that got furthest. */
export const constraints: readonly Constraint[] = [...crewRules, ...timeRules];
