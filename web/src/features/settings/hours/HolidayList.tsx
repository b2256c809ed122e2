/** Holidays of a calendar: a day, a name, and whether it comes back every year. */
import { Checkbox } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useRef } from "react";
import { t } from "../../../i18n";
import { today } from "../../../i18n/format";
import classes from "./hours.module.css";
import { type Holiday, isSoundHoliday } from "./week";

interface Props {
  holidays: Holiday[];
  disabled: boolean;
  /** Whether saving was tried: what is missing shows only then. */
  tried: boolean;
  onChange: (holidays: Holiday[]) => void;
}

export function HolidayList({ holidays, disabled, tried, onChange }: Props) {
  const box = useRef<HTMLUListElement>(null);
  const add = () => {
    onChange([...holidays, { date: today(), name: "", yearly: false }]);
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>("li:last-child input")?.focus());
  };
  const set = (index: number, part: Partial<Holiday>) =>
    onChange(holidays.map((one, at) => (at === index ? { ...one, ...part } : one)));
  return (
    <>
      {holidays.length === 0 && <p className="dimmed">{t("hours.no_holidays")}</p>}
      <ul ref={box} className={classes.holidays}>
        {holidays.map((holiday, index) => {
          const wrong = (tried && !isSoundHoliday(holiday)) || undefined;
          const name = holiday.name || holiday.date;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: days and names change while they are typed
            <li key={index}>
              <input
                type="date"
                className={classes.date}
                value={holiday.date}
                disabled={disabled}
                aria-label={t("hours.holiday_date", { number: index + 1 })}
                aria-invalid={wrong}
                onChange={(event) => set(index, { date: event.currentTarget.value })}
              />
              <input
                type="text"
                className={classes.name}
                value={holiday.name}
                maxLength={120}
                disabled={disabled}
                placeholder={t("hours.holiday_name")}
                aria-label={t("hours.holiday_name_of", { number: index + 1 })}
                aria-invalid={wrong}
                onChange={(event) => set(index, { name: event.currentTarget.value })}
              />
              <Checkbox
                size="xs"
                label={t("hours.yearly")}
                aria-label={t("hours.yearly_of", { name })}
                checked={holiday.yearly}
                disabled={disabled}
                onChange={(event) => set(index, { yearly: event.currentTarget.checked })}
              />
              {!disabled && (
                <button
                  type="button"
                  className="tool"
                  data-icon
                  aria-label={t("hours.remove_holiday", { name })}
                  onClick={() => onChange(holidays.filter((_, at) => at !== index))}
                >
                  <IconX size={14} />
                </button>
              )}
            </li>
          );
        })}
      </ul>
      {!disabled && (
        <button type="button" className="tool" data-outline onClick={add}>
          <IconPlus size={15} /> {t("hours.add_holiday")}
        </button>
      )}
    </>
  );
}
