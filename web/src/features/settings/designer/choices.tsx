/** Choosing a picture and a colour: rows of radio buttons, walked with the arrow keys. */
import { useId } from "react";
import { t } from "../../../i18n";
import { iconNames, iconOf } from "../../../ui/icons";
import classes from "./designer.module.css";

export const colours = ["gray", "red", "orange", "yellow", "green", "teal", "blue", "indigo", "violet", "pink"];

interface Props {
  label: string;
  value: string | undefined;
  onChange: (value: string) => void;
  /** In a window of its own: Escape closes that, not the dialog around it. */
  floating?: boolean;
}

export function IconChoice({ label, value, onChange }: Props) {
  const name = useId();
  return (
    <fieldset className={classes.choice}>
      <legend>{label}</legend>
      <div className={classes.icons}>
        {iconNames.map((icon) => {
          const Icon = iconOf({ icon, name: icon });
          return (
            <label key={icon} className={classes.icon} title={t(`icon.${icon}`)}>
              <input
                type="radio"
                name={name}
                className="visually-hidden"
                checked={icon === value}
                aria-label={t(`icon.${icon}`)}
                onChange={() => onChange(icon)}
              />
              <Icon size={18} stroke={1.5} aria-hidden />
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}

export function ColourChoice({ label, value, onChange, floating }: Props) {
  const name = useId();
  return (
    <fieldset className={classes.choice}>
      <legend>{label}</legend>
      <div className={classes.colours}>
        {colours.map((colour) => (
          <label key={colour} className={classes.colour} data-color={colour} title={t(`colour.${colour}`)}>
            <input
              type="radio"
              name={name}
              className="visually-hidden"
              checked={colour === value}
              aria-label={t(`colour.${colour}`)}
              data-mantine-stop-propagation={floating || undefined}
              onChange={() => onChange(colour)}
            />
            <span className="dot" aria-hidden />
          </label>
        ))}
      </div>
    </fieldset>
  );
}
