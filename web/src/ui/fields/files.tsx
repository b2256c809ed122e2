/** Files: uploaded at once, named in the record when it is saved. */
import { ActionIcon } from "@mantine/core";
import { IconPaperclip, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { api } from "../../api/client";
import type { FieldValue, FileValue } from "../../api/types";
import { showProblem } from "../../app/problems";
import { t } from "../../i18n";
import { formatBytes } from "../../i18n/format";
import { useFileChooser } from "../useFileChooser";
import classes from "./fields.module.css";
import { InputGroup } from "./InputGroup";
import { type DisplayProps, type EditorProps, type FieldKind, ok, problem } from "./kind";
import { presence } from "./operators";

export function asFiles(value: FieldValue): FileValue[] {
  return Array.isArray(value)
    ? (value as unknown[]).filter((file): file is FileValue =>
        Boolean(file && typeof file === "object" && "name" in file && "id" in file),
      )
    : [];
}

/** Sends one file; the answer is what a record keeps of it. */
export function uploadFile(file: File): Promise<FileValue> {
  return api.upload<FileValue>("/files", { name: file.name }, file);
}

function FilesDisplay({ value }: DisplayProps) {
  const files = asFiles(value);
  return (
    <span className={classes.line}>
      {files.length > 0 && <IconPaperclip size={13} aria-hidden />} {files.map((file) => file.name).join(", ")}
    </span>
  );
}

function FilesEditor(props: EditorProps) {
  const files = asFiles(props.value);
  const [sending, setSending] = useState(0);
  const add = async (chosen: File[]) => {
    setSending(chosen.length);
    try {
      const sent = await Promise.all(chosen.map(uploadFile));
      props.onChange([...files, ...sent]);
    } catch (error) {
      showProblem(error);
    } finally {
      setSending(0);
    }
  };
  const { choose, chooser } = useFileChooser((chosen) => void add(chosen), { multiple: true });
  const remove = (file: FileValue) => {
    const rest = files.filter((entry) => entry !== file);
    props.onChange(rest.length > 0 ? rest : null);
  };
  return (
    <InputGroup of={props}>
      <fieldset className={classes.group} aria-label={props.field.label}>
        {files.map((file) => (
          <div key={file.id + file.name} className={classes.row}>
            <span className={`${classes.grow} truncate`}>
              {file.name} <span className={classes.quiet}>{formatBytes(file.size)}</span>
            </span>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("field.remove", { value: file.name })}
              disabled={props.disabled}
              onClick={() => remove(file)}
            >
              <IconX size={14} />
            </ActionIcon>
          </div>
        ))}
        <button type="button" className={classes.add} disabled={props.disabled || sending > 0} onClick={choose}>
          <IconPaperclip size={13} /> {sending > 0 ? t("field.uploading", { count: sending }) : t("field.attach")}
        </button>
        {chooser}
      </fieldset>
    </InputGroup>
  );
}

export const files: FieldKind = {
  Display: FilesDisplay,
  Editor: FilesEditor,
  operators: presence,
  toText: (_, value) => (asFiles(value).length > 0 ? JSON.stringify(asFiles(value)) : ""),
  fromText: (_, text) => {
    if (text.trim() === "") {
      return ok(null);
    }
    try {
      const list = asFiles(JSON.parse(text) as FieldValue);
      return list.length > 0 ? ok(list) : problem(t("field.not_files"));
    } catch {
      return problem(t("field.not_files"));
    }
  },
  align: "start",
  width: 160,
  sortable: false,
  sum: false,
  multiline: true,
};
