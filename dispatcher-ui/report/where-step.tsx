import { IconMapPin } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LonLat } from '../../routing/units.ts';
import type { CityView } from '../../server/stages/city/contract.ts';
import type { Draft } from './draft.ts';
import { MyLocation } from './my-location.tsx';
import { PlaceMapPane } from './place-map-pane.tsx';
import { Fault, StepTitle } from './step-title.tsx';
import { StreetSearch } from './street-search.tsx';
import { usePlaceName } from './use-place.ts';
import { crossingsOf, type FoundStreet } from './use-street-search.ts';

export interface StepProps {
  readonly city: CityView;
  readonly draft: Draft;
  change(part: Partial<Draft>): void;
  onNext(): void;
}

/** 1: where. By street, by location, by the map's cross; the words for the place say whether it was understood. */
export function WhereStep({ city, draft, change, onNext }: StepProps): React.JSX.Element {
  const { t } = useTranslation();
  const [tooFar, setTooFar] = useState(false);
  const [missing, setMissing] = useState(false);
  const [street, setStreet] = useState<FoundStreet | null>(null);
  const { away } = usePlaceName(draft, (answer) => change(answer));

  const put = (place: LonLat): void => {
    setTooFar(false);
    setMissing(false);
    change({ place, placeText: null, placeQuality: null, near: null });
  };
  const onChosen = (one: FoundStreet): void => {
    setStreet(one.crossing === null ? one : null);
    put(one.place);
  };
  const onMoved = (middle: LonLat, isNear: boolean): void => {
    setStreet(null);
    if (isNear) return put(middle);
    setTooFar(true);
    change({ place: null, placeText: null, placeQuality: null, near: null });
  };
  const next = (): void => (draft.place === null ? setMissing(true) : onNext());

  return (
    <form
      className="step where"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        next();
      }}
    >
      <div className="where-ask">
        <StepTitle>{t('report.where.title')}</StepTitle>
        <p className="lead">{t('report.where.lead')}</p>
        <StreetSearch city={city.title} describedBy={missing ? 'where-fault' : undefined} onChosen={onChosen} />
        {street !== null && <WhichPart street={street} onChosen={(one) => put(one.place)} />}
        <MyLocation onFound={put} />
      </div>
      <div className="where-map">
        <PlaceMapPane city={city} place={draft.place} label={t('report.where.map')} onMoved={onMoved} />
      </div>
      <div className="step-end">
        <Chosen city={city} draft={draft} tooFar={tooFar} away={away} />
        {missing && <Fault id="where-fault">{t('report.where.missing')}</Fault>}
        <button type="submit" className="primary big">
          {t('report.next')}
        </button>
      </div>
    </form>
  );
}

/** A street can be long: its crossings say which part, for who has no map. */
function WhichPart({ street, onChosen }: { street: FoundStreet; onChosen(one: FoundStreet): void }): React.JSX.Element | null {
  const { t } = useTranslation();
  const [crossings, setCrossings] = useState<readonly FoundStreet[]>([]);
  useEffect(() => {
    const leaving = new AbortController();
    void crossingsOf(street.street, leaving.signal).then((found) => leaving.signal.aborted || setCrossings(found));
    return () => leaving.abort();
  }, [street.street]);
  if (crossings.length === 0) return null;
  return (
    <label className="part">
      <span>{t('report.where.crossings', { street: street.street })}</span>
      <select defaultValue="" onChange={(event) => onChosen(crossings[Number(event.target.value) - 1] ?? street)}>
        <option value="">{t('report.where.crossingAny')}</option>
        {crossings.map((one, i) => (
          <option key={one.crossing} value={i + 1}>
            {t('report.where.crossingAt', { street: one.crossing })}
          </option>
        ))}
      </select>
    </label>
  );
}

interface ChosenProps {
  readonly city: CityView;
  readonly draft: Draft;
  readonly tooFar: boolean;
  readonly away: boolean;
}

/** What was understood, in words, and what it means for the report. */
function Chosen({ city, draft, tooFar, away }: ChosenProps): React.JSX.Element {
  const { t } = useTranslation();
  const { place, placeText, placeQuality } = draft;
  const [says, more] =
    place === null
      ? [tooFar ? t('report.where.comeNearer') : t('report.where.noPlace'), null]
      : placeQuality === null
        ? [away ? t('report.where.placeAway') : t('report.where.asking'), null]
        : placeQuality === 'on_road'
          ? [placeText ?? t('report.where.unnamed'), null]
          : placeQuality === 'outside_city'
            ? [t('report.where.outside', { city: city.title }), t('report.where.outsideMore')]
            : [t('report.where.offRoad'), t('report.where.offRoadMore')];
  const look = place === null || placeQuality === null ? 'quiet' : placeQuality === 'on_road' ? 'good' : 'doubt';
  return (
    <div className={`chosen chosen-${look}`} role="status">
      <IconMapPin size={22} stroke={1.75} aria-hidden="true" />
      <p>
        <span className="visually-hidden">{t('report.where.chosen')}: </span>
        <strong>{says}</strong>
        {more !== null && <small>{more}</small>}
      </p>
    </div>
  );
}
