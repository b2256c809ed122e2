/** The places of a map as a list: what the markers show, for the keyboard and for reading aloud. */
import { IconArrowLeft, IconFilter } from "@tabler/icons-react";
import { t } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import classes from "./map.module.css";

export interface Place {
  key: string;
  name: string;
  count: number;
}

interface Props {
  title: string;
  places: Place[];
  chosen: string | undefined;
  onPlace: (key: string) => void;
  /** Back to all places; missing where these are all. */
  onBack?: () => void;
  /** The list of everything here. */
  onList?: () => void;
  /** The list of what has no place. */
  onUnplaced?: () => void;
  notes: string[];
  children?: React.ReactNode;
}

export function Places(props: Props) {
  return (
    <section className={classes.places} aria-label={props.title}>
      <header>
        {props.onBack && (
          <button type="button" className="tool" data-icon aria-label={t("map.all_places")} onClick={props.onBack}>
            <IconArrowLeft size={15} />
          </button>
        )}
        <h2 className="truncate">{props.title}</h2>
        {props.onList && (
          <button type="button" className="tool" onClick={props.onList}>
            <IconFilter size={15} /> {t("map.as_list")}
          </button>
        )}
      </header>
      <ul>
        {props.places.map((place) => (
          <li key={place.key}>
            <button
              type="button"
              className={classes.place}
              data-place={place.key}
              aria-current={place.key === props.chosen ? "location" : undefined}
              onClick={() => props.onPlace(place.key)}
            >
              <span className="truncate">{place.name}</span>
              <span className={classes.count}>{formatNumber(place.count)}</span>
            </button>
          </li>
        ))}
      </ul>
      {props.children}
      {props.onUnplaced && (
        <button type="button" className={`tool ${classes.unplaced}`} data-outline onClick={props.onUnplaced}>
          <IconFilter size={15} /> {t("map.unplaced_list")}
        </button>
      )}
      {props.notes.map((note) => (
        <p key={note} className={classes.note}>
          {note}
        </p>
      ))}
    </section>
  );
}
