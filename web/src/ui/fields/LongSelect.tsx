/** A choice among many, found by typing: currencies, countries, time zones, people. */
import { Select, type SelectProps } from "@mantine/core";
import { t } from "../../i18n";

/** How many of what is found are drawn. */
const shown_max = 100;

export function LongSelect(props: SelectProps) {
  return (
    <Select
      size="xs"
      searchable
      selectFirstOptionOnChange
      allowDeselect={false}
      limit={shown_max}
      nothingFoundMessage={t("field.nothing_found")}
      {...props}
    />
  );
}
