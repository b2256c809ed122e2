/** What was last and what is next of a record, read from its activities. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../../../api/client";
import { keys } from "../../../api/keys";
import type { Field, FieldValue, ObjectMeta, RapportRecord, RecordPage } from "../../../api/types";
import { findObject } from "../../../app/query";
import { quote } from "../../../ui/fields/operators";
import type { TimelineEntry } from "../../../ui/timeline/rows";

/** The fields that this part shows in words of its own. */
export const told_fields = [
  "last_contact_at",
  "last_contact_channel",
  "last_call_at",
  "last_meeting_at",
  "any_call_at",
  "any_meeting_at",
  "people_last_call_at",
  "people_last_meeting_at",
  "next_activity_at",
  "people_next_activity_at",
  "next_task_at",
  "next_meeting_at",
  "rots_at",
];

export function hasSignals(object: ObjectMeta): boolean {
  return object.fields.some((field) => field.name === "rots_at") && object.name !== "user";
}

export function instant(value: FieldValue | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The call or meeting that was the last contact, when the reader may see it. */
export function useLastContact(object: ObjectMeta, record: RapportRecord): TimelineEntry | undefined {
  const at = instant(record.last_contact_at);
  const { data } = useQuery({
    queryKey: [...keys.timeline(object.name, record.id), "last", at],
    queryFn: ({ signal }) =>
      api.get<{ entries: TimelineEntry[] }>(
        `/${object.plural}/${record.id}/timeline`,
        { kinds: "call,meeting", limit: 20 },
        { signal },
      ),
    enabled: at !== undefined,
    retry: false,
  });
  return data?.entries.find((entry) => Date.parse(entry.at) === Date.parse(at ?? ""));
}

export interface NextStep {
  object: ObjectMeta;
  record: RapportRecord;
  at: string;
}

/** The open task or planned meeting that comes first. */
export function useNextStep(object: ObjectMeta, record: RapportRecord): NextStep | undefined {
  const at = instant(record.next_activity_at);
  const { data } = useQuery({
    queryKey: [...keys.pages("task"), "next", object.name, record.id, at],
    queryFn: ({ signal }) => findNext(object, record, at ?? "", signal),
    enabled: at !== undefined,
    retry: false,
  });
  return data ?? undefined;
}

async function first(
  object: ObjectMeta | undefined,
  filter: string,
  signal: AbortSignal,
): Promise<RapportRecord | null> {
  if (!object) {
    return null;
  }
  // A list that may not be asked for has nothing to show here.
  const asked = api.get<RecordPage>(`/${object.plural}`, { filter, limit: 1, total: false }, { signal });
  return (await asked.catch(() => null))?.records[0] ?? null;
}

async function findNext(
  object: ObjectMeta,
  record: RapportRecord,
  at: string,
  signal: AbortSignal,
): Promise<NextStep | null> {
  const id = quote(record.id);
  const wanted: [string, string, string][] = [
    ["task", "due_at", `about.exists(x, x.id == ${id})`],
    ["meeting", "starts_at", object.name === "person" ? `${id} in attendees` : `about.exists(x, x.id == ${id})`],
  ];
  for (const [name, field, about] of wanted) {
    const other = findObject(name);
    const found = await first(other, `${about} && ${field} == timestamp(${quote(at)})`, signal);
    if (found && other) {
      return { object: other, record: found, at };
    }
  }
  if (object.name !== "company") {
    return null;
  }
  // Else it is with one of its people.
  const people = findObject("person");
  const person = await first(people, `company == ${id} && next_activity_at == timestamp(${quote(at)})`, signal);
  return person && people ? findNext(people, person, at, signal) : null;
}

/** Who had the last contact on our side: the field that says so. */
export function whoField(name: string): Field | undefined {
  const wanted = name === "call" ? "agent" : "owner";
  return findObject(name)?.fields.find((field) => field.name === wanted);
}
