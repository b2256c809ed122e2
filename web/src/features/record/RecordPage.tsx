/** Being written. */
export function RecordPage() {
  return null;
}
