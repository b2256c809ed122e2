/** Colours, sizes and the contrast corrections of the component library, so that every text meets WCAG AA. */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

const iris: MantineColorsTuple = [
  "#f1f2fe",
  "#e0e2fc",
  "#c0c5f8",
  "#9ea5f3",
  "#818aee",
  "#6b75ea",
  "#5c66e2",
  "#4850c4",
  "#3c43a6",
  "#2e3486",
];
const dark: MantineColorsTuple = [
  "#e4e6ea",
  "#b9bdc6",
  "#9aa0ab",
  "#6a707c",
  "#3b3f49",
  "#2a2d35",
  "#1f2128",
  "#17181d",
  "#121317",
  "#0c0d10",
];

/** The list of choices itself scrolls: what its input controls needs no focus of its own. A box around would. */
const choices = { withScrollArea: false, styles: { options: { maxHeight: 220, overflowY: "auto" as const } } };

export const theme = createTheme({
  primaryColor: "iris",
  primaryShade: { light: 7, dark: 7 },
  autoContrast: true,
  colors: { iris, dark },
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, monospace",
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.125rem" },
  headings: {
    fontWeight: "600",
    sizes: { h1: { fontSize: "1.25rem" }, h2: { fontSize: "1rem" }, h3: { fontSize: "0.875rem" } },
  },
  defaultRadius: 6,
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: "xs" } },
    TextInput: { defaultProps: { size: "sm" } },
    Autocomplete: { defaultProps: choices },
    MultiSelect: { defaultProps: choices },
    TagsInput: { defaultProps: choices },
    Select: {
      defaultProps: {
        ...choices,
        size: "sm",
        openOnFocus: false,
        comboboxProps: { transitionProps: { duration: 0 } },
      },
    },
    Modal: {
      defaultProps: {
        centered: false,
        yOffset: "12vh",
        transitionProps: { duration: 0 },
        overlayProps: { backgroundOpacity: 0.35 },
      },
    },
    // Without the placeholder the first entry takes the focus; with it the menu has a child that is no entry.
    Menu: { defaultProps: { transitionProps: { duration: 0 }, shadow: "md", withInitialFocusPlaceholder: false } },
    Popover: { defaultProps: { transitionProps: { duration: 0 }, shadow: "md" } },
    Tooltip: { defaultProps: { openDelay: 400, transitionProps: { duration: 80 } } },
  },
});

const colours = [
  "gray",
  "red",
  "pink",
  "grape",
  "violet",
  "indigo",
  "blue",
  "cyan",
  "teal",
  "green",
  "lime",
  "yellow",
  "orange",
  "iris",
];

/** The library's dimmed text, placeholders and light badges are too pale; these are not. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#5b616b",
    "--mantine-color-placeholder": "#6b7280",
    "--mantine-color-text": "#1b1d22",
    "--mantine-color-body": "#ffffff",
    "--mantine-color-default-border": "#dcdee3",
    "--mantine-color-error": "#c92a2a",
    ...Object.fromEntries(
      colours.map((name) => [
        `--mantine-color-${name}-light-color`,
        `color-mix(in srgb, var(--mantine-color-${name}-9), black 22%)`,
      ]),
    ),
  },
  dark: {
    "--mantine-color-dimmed": "#a3a9b3",
    "--mantine-color-placeholder": "#9aa1ac",
    "--mantine-color-body": "#17181d",
    "--mantine-color-default-border": "#30333c",
    "--mantine-color-error": "#ff8787",
    "--mantine-color-anchor": "#9ea5f3",
  },
});
