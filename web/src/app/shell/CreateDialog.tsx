/** The dialog that makes a new record of any object, over whatever page is open. */
import { lazy, Suspense } from "react";
import { findObject } from "../query";
import { creating } from "./state";

const CreateRecord = lazy(() => import("../../ui/form/CreateRecord"));

export function CreateDialog() {
  const open = creating.use();
  const object = open ? findObject(open.object) : undefined;
  return open && object ? (
    <Suspense>
      <CreateRecord object={object} values={open.values} onClose={() => creating.set(null)} />
    </Suspense>
  ) : null;
}
