import { useTranslation } from 'react-i18next';
import type { FleetToday } from '../../../server/stages/reporting/contract.ts';
import { timeOfDay } from '../../state/format.ts';
import type { Behind } from '../behind.ts';
import { kilometresText } from '../figures.ts';
import { useZone } from '../fleet-context.ts';
import { BigFigure, Card, FigureLine } from './card.tsx';

/** What was driven, by the vehicles' own positions, and for whom only the plan says. */
export function KilometresCard(props: {
  kilometres: FleetToday['kilometres'];
  onOpen: (what: Behind) => void;
}): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const { drivenMetres, drivenCrews, plannedMetres, plannedCrews, unknownCrews, through } = props.kilometres;
  const open = (): void => props.onOpen({ kind: 'kilometres' });
  return (
    <Card id="kilometres" title={t('fleet.kilometres.title')}>
      <BigFigure value={kilometresText(drivenMetres)} unit={t('fleet.kilometres.driven')} onOpen={open} />
      <FigureLine
        label={t('fleet.kilometres.fromFixes', { count: drivenCrews })}
        value={through === null ? '–' : t('fleet.kilometres.through', { time: timeOfDay(through, zone) })}
        onOpen={open}
      />
      <FigureLine
        label={t('fleet.kilometres.fromPlan', { count: plannedCrews })}
        value={kilometresText(plannedMetres)}
        onOpen={open}
      />
      {unknownCrews > 0 && <FigureLine label={t('fleet.kilometres.unknown', { count: unknownCrews })} value="–" onOpen={open} />}
    </Card>
  );
}
