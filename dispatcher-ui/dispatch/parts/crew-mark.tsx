import { useTranslation } from 'react-i18next';
import type { CrewSeen } from '../../state/crew-load.ts';

/** A crew's state as a dot and a word; hollow where its place is not known now. */
export function CrewMark({ crew }: { crew: Pick<CrewSeen, 'state' | 'signal'> }): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <span className={`crew-state crew-${crew.state}`}>
      <span className={crew.signal === 'lost' ? 'dot dot-hollow' : 'dot'} aria-hidden="true" />
      {t(`crewState.${crew.state}`)}
    </span>
  );
}
