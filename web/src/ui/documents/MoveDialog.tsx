/** Moves a document into a folder, or a folder with all that lies in it: a new name makes a new folder. */
import { Autocomplete, Button } from "@mantine/core";
import { useState } from "react";
import type { ObjectMeta, RapportRecord } from "../../api/types";
import { startBulk } from "../../app/bulkWork";
import { updateRecord } from "../../app/write";
import { t } from "../../i18n";
import { Dialog } from "../Dialog";
import { quote } from "../fields/operators";
import classes from "./documents.module.css";
import { cleanPath, folderOf } from "./tree";

/** What is being moved: a document, or the path of a folder. */
export type Moving = { document: RapportRecord } | { folder: string };

interface Props {
  documents: ObjectMeta;
  /** A condition within which folders are renamed; none for all documents. */
  among?: string;
  moving: Moving;
  /** Folders to choose from. */
  known: string[];
  onClose: () => void;
}

/** A folder with all that lies below, as a job and one batch. */
async function moveFolder(documents: ObjectMeta, among: string | undefined, from: string, to: string, label: string) {
  // What exactly lies in it is told by the server, part by part.
  const near = `folder.contains(${quote(from.split("/")[0] ?? "")})`;
  const filter = among ? `(${among}) && ${near}` : near;
  await startBulk(documents, { filter, move: { folder: { from, to } } }, label);
}

export function MoveDialog({ documents, among, moving, known, onClose }: Props) {
  const before = "folder" in moving ? moving.folder : folderOf(moving.document);
  const [path, setPath] = useState(before);
  const [busy, setBusy] = useState(false);
  const title = "document" in moving ? String(moving.document[documents.title] ?? "") : before;
  const heading = "folder" in moving ? t("folder.rename", { name: before }) : t("folder.move", { title });
  const move = async () => {
    const target = cleanPath(path);
    if (target === before) {
      onClose();
      return;
    }
    const where = target || t("folder.top");
    setBusy(true);
    try {
      if ("document" in moving) {
        const label = t("folder.moved", { title, folder: where });
        await updateRecord(documents, moving.document, { folder: target || null }, { label });
      } else {
        await moveFolder(documents, among, before, target, t("folder.renamed", { name: before, folder: where }));
      }
      onClose();
    } catch {
      // What went wrong is said already; the dialog stays for another try.
      setBusy(false);
    }
  };
  return (
    <Dialog onClose={onClose} title={heading}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          void move();
        }}
      >
        <Autocomplete
          size="xs"
          label={t("folder.path")}
          description={t("folder.path_text")}
          data={known}
          value={path}
          onChange={setPath}
          data-autofocus
        />
        <Button type="submit" size="xs" loading={busy}>
          {t("folder.do")}
        </Button>
      </form>
    </Dialog>
  );
}
