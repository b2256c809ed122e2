/** Being written. */
export function HomePage() {
  return null;
}
