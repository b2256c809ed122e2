/** Being written. */
export function LoginPage() {
  return null;
}
