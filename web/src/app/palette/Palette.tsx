/** The command palette. */
export default function Palette(_: { start: string }) {
  return null;
}
