import { IconMapPin, IconSearch } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStreetSearch, type FoundStreet } from './use-street-search.ts';

interface StreetSearchProps {
  readonly city: string;
  readonly describedBy?: string | undefined;
  onChosen(street: FoundStreet): void;
}

/** Where, by typing: a street or a crossing of the city. Works without a map, and by keyboard alone. */
export function StreetSearch({ city, describedBy, onChosen }: StreetSearchProps): React.JSX.Element {
  const { t } = useTranslation();
  const id = useId();
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState(false);
  const [marked, setMarked] = useState(0);
  const { found, away } = useStreetSearch(open ? typed : '');
  const shown = open && found !== null ? found : [];
  const at = Math.min(marked, Math.max(0, shown.length - 1));

  const name = (one: FoundStreet): string =>
    one.crossing === null ? one.street : t('report.where.crossing', { a: one.street, b: one.crossing });
  const choose = (one: FoundStreet): void => {
    setTyped(name(one));
    setOpen(false);
    onChosen(one);
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.key === 'Escape') return setOpen(false);
    if (shown.length === 0) return;
    const chosen = shown[at];
    if (event.key === 'ArrowDown') setMarked((at + 1) % shown.length);
    else if (event.key === 'ArrowUp') setMarked((at + shown.length - 1) % shown.length);
    else if (event.key === 'Enter' && chosen !== undefined) choose(chosen);
    else return;
    event.preventDefault();
  };

  return (
    <div className="search" onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}>
      <label htmlFor={id}>{t('report.where.search')}</label>
      <div className="search-box">
        <IconSearch size={20} stroke={1.75} aria-hidden="true" />
        <input
          id={id}
          type="text"
          inputMode="search"
          enterKeyHint="search"
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          role="combobox"
          aria-expanded={shown.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={shown.length > 0 ? `${id}-${at}` : undefined}
          aria-describedby={describedBy}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setOpen(true);
            setMarked(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <ul
        id={`${id}-list`}
        role="listbox"
        aria-label={t('report.where.results')}
        className="search-list"
        hidden={shown.length === 0}
      >
        {shown.map((one, i) => (
          <li
            key={`${one.street} ${one.crossing ?? ''} ${one.place.lon} ${one.place.lat}`}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === at}
            className="search-row"
            // The box keeps the focus.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(one)}
          >
            <IconMapPin size={18} stroke={1.75} aria-hidden="true" />
            <span>
              {name(one)}
              {one.crossing === null && one.placeText !== one.street && <small>{one.placeText}</small>}
            </span>
          </li>
        ))}
      </ul>
      <p className="search-says" role="status">
        {away && <span className="warn">{t('report.where.searchAway')}</span>}
        {open && found !== null && found.length === 0 && t('report.where.none', { city })}
        {shown.length > 0 && <span className="visually-hidden">{t('report.where.found', { count: shown.length })}</span>}
      </p>
    </div>
  );
}
