/** Files become documents: dropped on a place or chosen from the disk, stored one after the other. */
import { type DragEvent, useState } from "react";
import type { FieldValue, ObjectMeta } from "../../api/types";
import { showProblem } from "../../app/problems";
import { createRecord } from "../../app/write";
import { t } from "../../i18n";
import { uploadFile } from "../fields/files";
import { useFileChooser } from "../useFileChooser";
import { filesField } from "./rows";

/** Files of the event, not a dragged text or record. */
function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer.types.includes("Files");
}

/**
 * `values` are given to every new document beside its title and file. Where the reader may add none, nothing is taken:
 * `mayAdd` says so, and a dropped file is not opened by the browser either.
 */
export function useDocumentFiles(documents: ObjectMeta | undefined, values: { [field: string]: FieldValue }) {
  const [over, setOver] = useState(false);
  const [sending, setSending] = useState(0);
  const mayAdd = documents?.can.create === true;
  const add = async (files: File[]) => {
    if (!documents || !mayAdd) {
      return;
    }
    setSending(files.length);
    try {
      for (const file of files) {
        const sent = await uploadFile(file);
        const made = { [documents.title]: file.name, [filesField(documents) ?? "files"]: [sent], ...values };
        await createRecord(documents, made, { label: t("record.file_added", { name: file.name }), throwOnly: true });
      }
    } catch (problem) {
      showProblem(problem);
    } finally {
      setSending(0);
    }
  };
  const { choose, chooser } = useFileChooser((files) => void add(files), { multiple: true });
  return {
    mayAdd,
    busy: sending > 0,
    /** What stands on the button: that files are added, or how many are on their way. */
    label: sending > 0 ? t("field.uploading", { count: sending }) : t("record.files_add"),
    choose,
    /** For the element that files are dropped on; the button does the same. */
    place: {
      "data-over": over || undefined,
      onDragOver: (event: DragEvent) => {
        if (carriesFiles(event)) {
          event.preventDefault();
          setOver(mayAdd);
        }
      },
      onDragLeave: () => setOver(false),
      onDrop: (event: DragEvent) => {
        if (carriesFiles(event)) {
          event.preventDefault();
          setOver(false);
          void add([...event.dataTransfer.files]);
        }
      },
    },
    /** Opened by `choose`; stands somewhere on the page. */
    chooser,
  };
}
