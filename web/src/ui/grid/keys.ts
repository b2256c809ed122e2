/** The keyboard of the grid, as spreadsheets have it: which press means what. Pure, so that it can be read and tested as a table. */

/** Shown in the list of shortcuts. */
export const gridShortcuts: { keys: string; text: string }[] = [
  { keys: "enter", text: "grid.key_edit" },
  { keys: "escape", text: "grid.key_cancel" },
  { keys: "space", text: "grid.key_peek" },
  { keys: "x", text: "grid.key_select" },
  { keys: "mod+a", text: "grid.key_select_all" },
  { keys: "mod+c", text: "grid.key_copy" },
  { keys: "mod+v", text: "grid.key_paste" },
  { keys: "mod+d", text: "grid.key_fill" },
];
