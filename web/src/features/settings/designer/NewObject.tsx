/** The dialog that makes an object: its names, its look, and what names its records. */
import { Button, Select, Switch, Textarea, TextInput } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useRef, useState } from "react";
import { createObject } from "../../../app/definitions";
import { useBoot } from "../../../app/query";
import { go } from "../../../app/router";
import { currentLanguage, t } from "../../../i18n";
import { Dialog } from "../../../ui/Dialog";
import { freeName, nameFault, nameOf, pluralFault, pluralOf } from "../../../ui/definition/names";
import { FormProblem } from "../../../ui/form/FormProblem";
import { useSending } from "../../../ui/form/useSave";
import { ColourChoice, IconChoice } from "./choices";
import classes from "./designer.module.css";
import { input } from "./inputs";
import { blankObject, type ObjectDraft, objectDefinition } from "./objectDraft";
import { objectProblems, type Problems } from "./problems";

/** Names that objects and lists have already. */
function useTaken() {
  const { objects } = useBoot();
  return {
    names: objects.map((object) => object.name),
    plurals: objects.map((object) => object.plural),
  };
}

function ownProblems(draft: ObjectDraft, taken: ReturnType<typeof useTaken>): Problems {
  const problems: Problems = {};
  for (const member of ["label", "label_plural", "title"] as const) {
    if (draft[member].trim() === "") {
      problems[member] = t("designer.needed");
    }
  }
  const fault = nameFault(draft.name, taken.names);
  if (fault && !problems.label) {
    problems.name = t(`designer.name_${fault}`);
  }
  const faulty = pluralFault(draft.plural, taken.plurals);
  if (faulty && !problems.label_plural) {
    problems.plural = t(`designer.name_${faulty}`);
  }
  return problems;
}

/** The draft, its derived names following what people read until they are written themselves. */
function useDraft() {
  const taken = useTaken();
  const [draft, setDraft] = useState<ObjectDraft>(blankObject);
  const own = useRef(new Set<string>());
  const change = (values: Partial<ObjectDraft>) => {
    for (const member of Object.keys(values)) {
      own.current.add(member);
    }
    const next = { ...draft, ...values };
    const derive = <M extends keyof ObjectDraft>(member: M, value: ObjectDraft[M]) => {
      if (!own.current.has(member)) {
        next[member] = value;
      }
    };
    derive("label_plural", pluralOf(next.label, currentLanguage()));
    derive("name", next.label.trim() ? freeName(nameOf(next.label, "object"), taken.names) : "");
    derive("plural", next.label_plural.trim() ? freeName(nameOf(next.label_plural, "list"), taken.plurals) : "");
    setDraft(next);
  };
  return { draft, change, taken };
}

export default function NewObject({ onClose }: { onClose: () => void }) {
  const phone = useMediaQuery("(max-width: 720px)") ?? false;
  const { draft, change, taken } = useDraft();
  const { box, busy, problems, setProblems, refuse, send } = useSending(objectProblems);
  const edit = (values: Partial<ObjectDraft>) => {
    change(values);
    setProblems({});
  };
  const make = () => {
    const wrong = ownProblems(draft, taken);
    if (Object.keys(wrong).length > 0) {
      refuse(wrong);
      return;
    }
    void send(async () => {
      const label = t("designer.object_made", { objects: draft.label_plural.trim() });
      await createObject(objectDefinition(draft), label);
      onClose();
      go(`/settings/objects/${draft.name}?made=1`);
    });
  };
  return (
    <Dialog
      onClose={onClose}
      title={t("designer.new_object")}
      size={560}
      fullScreen={phone}
      yOffset="6vh"
      closeOnClickOutside={false}
      classNames={{ body: classes.panelBody }}
    >
      <form
        ref={box}
        noValidate
        className={classes.panelForm}
        onSubmit={(event) => {
          event.preventDefault();
          make();
        }}
      >
        <Names draft={draft} edit={edit} problems={problems} />
        <Switch
          size="xs"
          label={t("designer.owned")}
          description={t("designer.owned_text")}
          checked={draft.owned}
          onChange={(event) => edit({ owned: event.currentTarget.checked })}
        />
        <IconChoice label={t("designer.icon")} value={draft.icon} onChange={(icon) => edit({ icon })} />
        <ColourChoice label={t("designer.colour")} value={draft.color} onChange={(color) => edit({ color })} />
        <Textarea
          {...input}
          autosize
          minRows={1}
          label={t("designer.description")}
          description={t("designer.description_text")}
          value={draft.description}
          onChange={(event) => edit({ description: event.currentTarget.value })}
        />
        <div className={classes.pair}>
          <TextInput
            {...input}
            label={t("designer.title")}
            description={t("designer.title_first")}
            withAsterisk
            value={draft.title}
            error={problems.title}
            onChange={(event) => edit({ title: event.currentTarget.value })}
          />
          <Select
            {...input}
            label={t("designer.title_kind")}
            description={t("designer.title_kind_text")}
            allowDeselect={false}
            data={(["text", "auto_number"] as const).map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
            value={draft.title_kind}
            onChange={(kind) => edit({ title_kind: kind === "auto_number" ? kind : "text" })}
          />
        </div>
        <FormProblem text={problems[""]} />
        <div className={classes.panelFoot}>
          <Button type="button" variant="default" onClick={onClose}>
            {t("app.cancel")}
          </Button>
          <Button type="submit" loading={busy}>
            {t("designer.make_object")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface NamesProps {
  draft: ObjectDraft;
  edit: (values: Partial<ObjectDraft>) => void;
  problems: Problems;
}

function Names({ draft, edit, problems }: NamesProps) {
  const text = (member: "label" | "label_plural" | "name" | "plural") => ({
    ...input,
    label: t(`designer.${member === "name" || member === "plural" ? `object_${member}` : member}`),
    autoComplete: "off",
    value: draft[member],
    error: problems[member],
    onChange: (event: { currentTarget: { value: string } }) => edit({ [member]: event.currentTarget.value }),
  });
  const code = { classNames: { input: classes.mono }, spellCheck: false };
  return (
    <>
      <div className={classes.pair}>
        <TextInput {...text("label")} placeholder={t("designer.label_example")} withAsterisk data-autofocus />
        <TextInput {...text("label_plural")} placeholder={t("designer.plural_example")} withAsterisk />
      </div>
      <div className={classes.pair}>
        <TextInput {...text("name")} {...code} description={t("designer.object_name_text")} />
        <TextInput {...text("plural")} {...code} description={t("designer.object_plural_text")} />
      </div>
    </>
  );
}
