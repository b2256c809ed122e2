/** Being written. */
export function InvitePage() {
  return null;
}
