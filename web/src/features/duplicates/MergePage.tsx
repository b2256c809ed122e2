/** Being written. */
export function MergePage() {
  return null;
}
