/** Being written. */
export function ImportPage() {
  return null;
}
