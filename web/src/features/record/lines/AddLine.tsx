/** The last row of the lines: type to find a product, or what else is to be delivered; rows of a spreadsheet are pasted here. */
import { Combobox, useCombobox } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { type ClipboardEvent, type KeyboardEvent, type RefObject, useEffect, useState } from "react";
import { t } from "../../../i18n";
import { useRecordSearch } from "../../../ui/fields/RecordPicker";
import { readCells } from "../../../ui/grid/clipboard";
import { type LineWrites, readPasted } from "./data";
import classes from "./lines.module.css";

interface Props {
  input: RefObject<HTMLInputElement | null>;
  writes: LineWrites;
  currency: string;
  /** The line that was added: its quantity is what is typed next. */
  onAdded: (id: string) => void;
  onUp: () => void;
}

export function AddLine({ input, writes, currency, onAdded, onUp }: Props) {
  const [text, setText] = useState("");
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const { data, settled } = useRecordSearch(["product"], text, combobox.dropdownOpened);
  const hits = data ?? [];
  // Whoever types fast presses Enter before the products are there: it counts once they are.
  const [hurried, setHurried] = useState(false);
  const add = async (choice: string) => {
    const name = text.trim();
    setText("");
    combobox.closeDropdown();
    const values = choice === "$text" ? { name, unit_price: { amount: 0, currency } } : { product: choice };
    const made = await writes.add(values);
    if (made) {
      onAdded(made.id);
    } else {
      setText(name);
    }
  };
  useEffect(() => {
    if (hurried && settled) {
      setHurried(false);
      void add(hits[0]?.id ?? "$text");
    }
  });
  const paste = (event: ClipboardEvent) => {
    const copied = event.clipboardData.getData("text/plain");
    if (/[\t\n]/.test(copied.trim())) {
      event.preventDefault();
      const rows = readPasted(readCells(copied));
      if (rows.length > 0) {
        void writes.paste(rows);
      }
    }
  };
  const keyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowUp" && text === "") {
      event.preventDefault();
      event.stopPropagation();
      onUp();
    }
    if (event.key === "Enter" && text.trim() !== "" && !settled) {
      event.preventDefault();
      event.stopPropagation();
      setHurried(true);
    }
  };
  return (
    <Combobox store={combobox} onOptionSubmit={(choice) => void add(choice)} transitionProps={{ duration: 0 }}>
      <Combobox.Target>
        <input
          ref={input}
          className={classes.add}
          value={text}
          placeholder={t("lines.add")}
          aria-label={t("lines.add")}
          autoComplete="off"
          onChange={(event) => {
            setText(event.currentTarget.value);
            setHurried(false);
            combobox.openDropdown();
            combobox.selectFirstOption();
          }}
          onFocus={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
          onKeyDownCapture={keyDown}
          onPaste={paste}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options aria-label={t("lines.products")} className={classes.options}>
          {hits.map((hit) => (
            <Combobox.Option value={hit.id} key={hit.id}>
              <span className={classes.hit}>
                <span className="truncate">{hit.title}</span>
                {hit.subtitle && <span className={classes.quiet}>{hit.subtitle}</span>}
              </span>
            </Combobox.Option>
          ))}
          {text.trim() !== "" && (
            <Combobox.Option value="$text">
              <span className={classes.hit}>
                <IconPlus size={14} aria-hidden /> {t("lines.add_text", { text: text.trim() })}
              </span>
            </Combobox.Option>
          )}
          {hits.length === 0 && text.trim() === "" && <Combobox.Empty>{t("lines.no_products")}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
