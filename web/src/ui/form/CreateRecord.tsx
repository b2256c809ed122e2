/** The form for a new record of any object. */
import type { FieldValue, ObjectMeta } from "../../api/types";

interface Props {
  object: ObjectMeta;
  values?: { [field: string]: FieldValue };
  onClose: () => void;
}

export default function CreateRecord(_: Props) {
  return null;
}
