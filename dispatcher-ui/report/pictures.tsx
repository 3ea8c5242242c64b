import {
  IconArmchair,
  IconBarrierBlock,
  IconBulb,
  IconCar,
  IconDroplet,
  IconFlag,
  IconHelpCircle,
  IconPaw,
  IconRipple,
  IconRoadSign,
  IconSnowflake,
  IconSofa,
  IconSpray,
  IconTrafficLights,
  IconTrash,
  IconTree,
  IconWalk,
} from '@tabler/icons-react';
import type { ReportPicture } from '../../server/stores/city/contract.ts';

const PICTURES: Readonly<Record<ReportPicture, typeof IconFlag>> = {
  hole: IconBarrierBlock,
  water: IconDroplet,
  signal: IconTrafficLights,
  tree: IconTree,
  dumping: IconSofa,
  drain: IconRipple,
  light: IconBulb,
  graffiti: IconSpray,
  snow: IconSnowflake,
  sidewalk: IconWalk,
  sign: IconRoadSign,
  vehicle: IconCar,
  animal: IconPaw,
  bin: IconTrash,
  bench: IconArmchair,
  question: IconHelpCircle,
};

/** The picture a city's catalogue names for a kind of report; a flag where it names none. Beside words, never alone. */
export function Picture({ name, size = 28 }: { name: ReportPicture | null; size?: number }): React.JSX.Element {
  const Shown = name === null ? IconFlag : PICTURES[name];
  return <Shown size={size} stroke={1.75} aria-hidden="true" />;
}
