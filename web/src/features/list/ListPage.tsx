/** The list of any object: views, filter, sort, columns, grid or cards, bulk actions, peek. */
import { useMediaQuery } from "@mantine/hooks";
import { useParams, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import type { ObjectMeta } from "../../api/types";
import { PageMissing } from "../../app/errors";
import { recordAddress } from "../../app/navigation";
import { useObject, useObjectByPlural } from "../../app/query";
import { t } from "../../i18n";
import { RecordList } from "./RecordList";

const ahead_ms = 1500;

export function ListPage() {
  const { plural = "" } = useParams({ strict: false }) as { plural?: string };
  const object = useObjectByPlural(plural);
  return object && !object.internal ? <ListOf key={object.name} object={object} /> : <PageMissing />;
}

/** The list of everybody's tasks. */
export function TaskListPage() {
  const object = useObject("task");
  return object ? <ListOf object={object} /> : <PageMissing />;
}

/** The list of all documents as a table. */
export function DocumentListPage() {
  const object = useObject("document");
  return object ? <ListOf object={object} /> : <PageMissing />;
}

/** The whole page of one object's list; tasks and other pages use it too. */
export function ListOf({ object }: { object: ObjectMeta }) {
  const phone = useMediaQuery("(max-width: 720px)", undefined, { getInitialValueInEffect: false }) ?? false;
  const router = useRouter();
  useEffect(() => {
    // Whoever reads a list soon opens a record: the code of its page is fetched ahead, once the list is quiet.
    const timer = setTimeout(() => void router.preloadRoute({ to: recordAddress(object, "any") }), ahead_ms);
    return () => clearTimeout(timer);
  }, [router, object]);
  useEffect(() => {
    document.title = t("app.title", { page: object.label_plural });
  }, [object]);
  return <RecordList object={object} phone={phone} />;
}
