/** Light, dark, or as the system says. */
import { type MantineColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconDeviceDesktop, IconMoon, IconSun } from "@tabler/icons-react";
import { t } from "../../i18n";
import { Title } from "./parts";
import classes from "./settings.module.css";

const themes: { value: MantineColorScheme; icon: typeof IconSun }[] = [
  { value: "light", icon: IconSun },
  { value: "dark", icon: IconMoon },
  { value: "auto", icon: IconDeviceDesktop },
];

export function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <Title name="appearance" />
      <fieldset className={classes.themes} aria-label={t("settings.theme")}>
        {themes.map(({ value, icon: Icon }) => (
          <label key={value} className={classes.theme} data-on={colorScheme === value || undefined}>
            <input
              type="radio"
              name="theme"
              className="visually-hidden"
              checked={colorScheme === value}
              onChange={() => setColorScheme(value)}
            />
            <Icon size={22} stroke={1.5} aria-hidden />
            {t(`settings.theme_${value}`)}
          </label>
        ))}
      </fieldset>
    </>
  );
}
