/** Being written. */
export function ImportsPage() {
  return null;
}
