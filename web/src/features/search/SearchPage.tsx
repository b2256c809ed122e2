/** Being written. */
export function SearchPage() {
  return null;
}
