/** Being written. */
export function ListPage() {
  return null;
}
