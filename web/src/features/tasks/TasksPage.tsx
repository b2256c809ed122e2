/** Being written. */
export function TasksPage() {
  return null;
}
