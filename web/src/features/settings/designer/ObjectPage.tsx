/** The page of one object: its fields, its look, its lists, with a preview beside them. */
import { TextInput } from "@mantine/core";
import {
  IconChevronRight,
  IconFileImport,
  IconList,
  IconListSearch,
  IconPlus,
  IconSearch,
  IconShield,
  IconTrash,
} from "@tabler/icons-react";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import type { Field, ObjectMeta } from "../../../api/types";
import { PageMissing } from "../../../app/errors";
import { mainObjects } from "../../../app/navigation";
import { showProblem } from "../../../app/problems";
import { useBoot, useObject } from "../../../app/query";
import { go, type Search } from "../../../app/router";
import { leave, useUnsaved } from "../../../app/unsaved";
import { t } from "../../../i18n";
import { iconOf } from "../../../ui/icons";
import { useMay } from "../data";
import { canHaveDuplicates, DuplicateRules } from "./DuplicateRules";
import classes from "./designer.module.css";
import { FieldList } from "./FieldList";
import { Listing } from "./Listing";
import { Look } from "./Look";
import { type Editing, form_id } from "./layouts/editing";
import { Preview } from "./Preview";
import Uses from "./Uses";

const FieldPanel = lazy(() => import("./FieldPanel"));
const LayoutPreview = lazy(() => import("./layouts/LayoutPreview"));
const Layouts = lazy(() => import("./layouts/LayoutList"));

const tabs = ["fields", "layouts", "look", "lists", "duplicates"] as const;

/** What is open over the page. */
type Open =
  | { what: "add"; group?: string }
  | { what: "edit"; field: Field }
  | { what: "uses"; field?: Field }
  | { what: "remove"; field?: Field };

export function ObjectPage() {
  const { name = "" } = useParams({ strict: false }) as { name?: string };
  const object = useObject(name);
  const label = object?.label_plural;
  useEffect(() => {
    document.title = `${label ?? t("settings.objects")} – Rapport`;
  }, [label]);
  return object && !object.internal ? <Designer key={name} object={object} /> : <PageMissing />;
}

/** The layout that is being arranged; it stays while other tabs are looked at, and nobody leaves its changes unasked. */
function useArranging() {
  const [arranging, setArranging] = useState<Editing | null>(null);
  const [begun, setBegun] = useState("");
  useUnsaved(arranging !== null && JSON.stringify(arranging.draft) !== begun);
  const arrange = (next: Editing | null) => {
    if (next && !arranging) {
      setBegun(JSON.stringify(next.draft));
    }
    setArranging(next);
  };
  return { arranging, arrange };
}

function Designer({ object }: { object: ObjectMeta }) {
  const can = useMay("configure");
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const shown = tabs.filter((entry) => entry !== "duplicates" || canHaveDuplicates(object));
  const tab = can ? (shown.find((entry) => entry === search.tab) ?? "fields") : "fields";
  const [open, setOpen] = useState<Open | null>(null);
  const { arranging, arrange } = useArranging();
  const show = (next: string) =>
    void navigate({ to: ".", search: { ...search, tab: next === "fields" ? undefined : next }, replace: true });
  return (
    <>
      <Head object={object} can={can} onOpen={setOpen}>
        {tab === "layouts" && arranging && (
          <>
            <button type="button" className="tool" data-outline onClick={() => void leave(() => arrange(null))}>
              {t("app.cancel")}
            </button>
            <button type="submit" form={form_id} className="tool" data-primary>
              {t("app.save")}
            </button>
          </>
        )}
      </Head>
      <div className={classes.page}>
        <div className={classes.columns}>
          <div className={classes.main}>
            {search.made && <NextSteps object={object} onAdd={() => setOpen({ what: "add" })} />}
            {can && (
              <div className={classes.tabs} role="tablist" aria-label={object.label_plural}>
                {shown.map((entry) => (
                  <button
                    key={entry}
                    type="button"
                    role="tab"
                    className="tool"
                    data-on={entry === tab || undefined}
                    aria-selected={entry === tab}
                    onClick={() => show(entry)}
                  >
                    {t(`designer.tab_${entry}`)}
                  </button>
                ))}
              </div>
            )}
            {tab === "fields" && <Fields object={object} can={can} onOpen={setOpen} />}
            {tab === "layouts" && (
              <Suspense>
                <Layouts object={object} editing={arranging} onEdit={arrange} />
              </Suspense>
            )}
            {tab === "look" && <Look object={object} onProblem={showProblem} />}
            {tab === "lists" && <Listing object={object} onProblem={showProblem} />}
            {tab === "duplicates" && <DuplicateRules object={object} onProblem={showProblem} />}
          </div>
          {tab === "layouts" && arranging ? (
            <Suspense>
              <LayoutPreview object={object} editing={arranging} />
            </Suspense>
          ) : (
            <Preview object={object} />
          )}
        </div>
      </div>
      {open && <Over object={object} open={open} onClose={() => setOpen(null)} />}
    </>
  );
}

interface HeadProps {
  object: ObjectMeta;
  can: boolean;
  onOpen: (open: Open) => void;
  /** What stands there instead of the tools, while something is being arranged. */
  children?: ReactNode;
}

function Head({ object, can, onOpen, children }: HeadProps) {
  const Icon = iconOf(object);
  const listed = mainObjects(useBoot()).some((entry) => entry.name === object.name);
  return (
    <header className="page-header">
      <nav aria-label={t("designer.path")} className={classes.path}>
        <Link to="/settings/$section" params={{ section: "objects" }} className="link">
          {t("settings.objects")}
        </Link>
        <IconChevronRight size={14} aria-hidden />
      </nav>
      <h1>
        <span className={classes.badge} data-color={object.color ?? "gray"}>
          <Icon size={15} stroke={1.7} aria-hidden />
        </span>
        <span className="truncate">{object.label_plural}</span>
      </h1>
      <div className="end">
        {children || (
          <>
            {listed && (
              <Link to="/$plural" params={{ plural: object.plural }} className="tool" data-outline="">
                <IconList size={15} aria-hidden /> <span className={classes.wide}>{t("designer.open_list")}</span>
                <span className={`visually-hidden ${classes.narrow}`}>{t("designer.open_list")}</span>
              </Link>
            )}
            {can && (
              <button
                type="button"
                className="tool"
                data-icon
                aria-label={t("designer.uses_of", { name: object.label_plural })}
                title={t("designer.who_uses")}
                onClick={() => onOpen({ what: "uses" })}
              >
                <IconListSearch size={16} />
              </button>
            )}
            {can && object.custom && (
              <button
                type="button"
                className="tool"
                data-icon
                aria-label={t("designer.remove_title", { name: object.label_plural })}
                title={t("designer.remove")}
                onClick={() => onOpen({ what: "remove" })}
              >
                <IconTrash size={16} />
              </button>
            )}
          </>
        )}
      </div>
    </header>
  );
}

/** What comes after a new object was made. */
function NextSteps({ object, onAdd }: { object: ObjectMeta; onAdd: () => void }) {
  const manages = useMay("manage_users");
  return (
    <section className={classes.next} aria-label={t("designer.next")}>
      <h2>{t("designer.made", { objects: object.label_plural })}</h2>
      <p className="dimmed">{t("designer.next_text")}</p>
      <div className={classes.nextSteps}>
        <button type="button" className="tool" data-primary onClick={onAdd}>
          <IconPlus size={15} /> {t("designer.add_field")}
        </button>
        <Link to="/imports" search={{ object: object.name }} className="tool" data-outline="">
          <IconFileImport size={15} /> {t("designer.import")}
        </Link>
        <Link to="/$plural" params={{ plural: object.plural }} className="tool" data-outline="">
          <IconList size={15} /> {t("designer.open_list")}
        </Link>
        {manages && (
          <Link to="/settings/$section" params={{ section: "roles" }} className="tool" data-outline="">
            <IconShield size={15} /> {t("designer.rights")}
          </Link>
        )}
      </div>
    </section>
  );
}

function Fields({ object, can, onOpen }: { object: ObjectMeta; can: boolean; onOpen: (open: Open) => void }) {
  const [query, setQuery] = useState("");
  return (
    <section aria-label={t("settings.fields")}>
      <div className={classes.bar}>
        <TextInput
          size="xs"
          leftSection={<IconSearch size={13} />}
          placeholder={t("designer.find_field")}
          aria-label={t("designer.find_field")}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
        {can && (
          <button type="button" className="tool" data-primary onClick={() => onOpen({ what: "add" })}>
            <IconPlus size={15} /> {t("designer.add_field")}
          </button>
        )}
      </div>
      {can && !object.custom && <p className={`dimmed ${classes.note}`}>{t("designer.standard")}</p>}
      <FieldList
        object={object}
        can={can}
        query={query}
        onAdd={(group) => onOpen({ what: "add", group })}
        onEdit={(field) => onOpen({ what: "edit", field })}
        onUses={(field) => onOpen({ what: "uses", field })}
        onRemove={(field) => onOpen({ what: "remove", field })}
      />
    </section>
  );
}

function Over({ object, open, onClose }: { object: ObjectMeta; open: Open; onClose: () => void }) {
  if (open.what === "add" || open.what === "edit") {
    const more = open.what === "add" ? { group: open.group } : { kept: open.field };
    return (
      <Suspense>
        <FieldPanel object={object} {...more} onClose={onClose} />
      </Suspense>
    );
  }
  return (
    <Uses
      object={object}
      field={open.field}
      look={open.what === "uses"}
      onClose={onClose}
      onDone={() => go("/settings/objects")}
    />
  );
}
