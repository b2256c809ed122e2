/** Being written. */
export function DuplicatesPage() {
  return null;
}
