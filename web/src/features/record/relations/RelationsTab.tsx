/** Who stands how to whom: the graph, and the same as a list for everybody who reads rather than looks. */
import { IconAffiliate, IconPencil, IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { api } from "../../../api/client";
import type { RapportRecord } from "../../../api/types";
import { recordAddress } from "../../../app/navigation";
import { explain, showProblem } from "../../../app/problems";
import { findObject, refreshObject } from "../../../app/query";
import { startCreate } from "../../../app/shell/state";
import { t } from "../../../i18n";
import { Empty } from "../../../ui/empty/Empty";
import { RecordMark } from "../../../ui/RecordMark";
import type { PartProps } from "../parts";
import { CompanyTree } from "./CompanyTree";
import { type Graph, type GraphNode, type Line, sameEnd, useGraph, wordOf } from "./data";
import { GraphPicture } from "./GraphPicture";
import classes from "./relations.module.css";

const EditRecord = lazy(() => import("../../../ui/form/EditRecord"));

/** What a line says as a sentence of its own. */
function Sentence({ line, graph, onEdit }: { line: Line; graph: Graph; onEdit: (line: Line) => void }) {
  const find = (end: { object: string; id: string }) => graph.nodes.find((node) => sameEnd(node, end));
  const [from, to] = [find(line.from), find(line.to)];
  const record = findObject(line.object);
  const editable = ["relationship", "affiliation"].includes(line.object) && record?.can.update;
  return from && to ? (
    <li className={classes.line} data-left={line.left || undefined}>
      <NodeLink node={from} />
      <span className={classes.word}>{wordOf(line)}</span>
      <NodeLink node={to} />
      {line.note && <span className={classes.note}>{line.note}</span>}
      {editable && (
        <button
          type="button"
          className="tool"
          data-icon
          aria-label={t("relations.edit", { from: from.title, word: wordOf(line), to: to.title })}
          onClick={() => onEdit(line)}
        >
          <IconPencil size={14} />
        </button>
      )}
    </li>
  ) : null;
}

function NodeLink({ node }: { node: GraphNode }) {
  const object = findObject(node.object);
  return object ? (
    <Link to={recordAddress(object, node.id)} className={classes.node}>
      <RecordMark object={node.object} title={node.title} />
      <span className="truncate">{node.title}</span>
    </Link>
  ) : null;
}

export default function RelationsTab({ object, record }: PartProps) {
  const [depth, setDepth] = useState(1);
  const [editing, setEditing] = useState<RapportRecord | null>(null);
  const [edited, setEdited] = useState("relationship");
  const { data, error, refetch } = useGraph(object, record.id, depth);
  const relationship = findObject("relationship");
  const editedObject = findObject(edited);
  const add = () => startCreate("relationship", { subject: [{ object: object.name, id: record.id }] });
  const edit = async (line: Line) => {
    const other = findObject(line.object);
    try {
      if (other) {
        setEdited(line.object);
        setEditing(await api.get<RapportRecord>(`/${other.plural}/${line.id}`));
      }
    } catch (refusal) {
      showProblem(refusal);
    }
  };
  const close = () => {
    setEditing(null);
    refreshObject("relationship");
  };
  if (error && !data) {
    return (
      <Empty
        icon={IconAffiliate}
        title={t("relations.failed")}
        text={explain(error)}
        action={{ label: t("error.retry"), run: () => void refetch() }}
      />
    );
  }
  return (
    <section aria-label={t("relations.tab")} className={classes.tab}>
      <div className={classes.head}>
        <h2>{t("relations.tab")}</h2>
        <fieldset className={classes.depth}>
          <legend className="visually-hidden">{t("relations.depth")}</legend>
          {[1, 2].map((steps) => (
            <button
              key={steps}
              type="button"
              className="tool"
              data-on={depth === steps || undefined}
              aria-pressed={depth === steps}
              onClick={() => setDepth(steps)}
            >
              {t("relations.steps", { count: steps })}
            </button>
          ))}
        </fieldset>
        {relationship?.can.create && (
          <button type="button" className="tool" data-outline onClick={add}>
            <IconPlus size={14} /> {relationship.label}
          </button>
        )}
      </div>
      {data && data.nodes.length === 1 && (
        <Empty icon={IconAffiliate} title={t("relations.none")} text={t("relations.none_why")} />
      )}
      {data && data.nodes.length > 1 && (
        <>
          <GraphPicture graph={data} />
          {(data.more > 0 || data.at_least) && (
            <p role="status" className="dimmed">
              {data.at_least ? t("relations.at_least") : t("relations.more", { count: data.more })}
            </p>
          )}
          <h3 className={classes.listTitle}>{t("relations.list")}</h3>
          <ul className={classes.lines}>
            {data.lines.map((line) => (
              <Sentence
                key={`${line.object}${line.id}${line.kind}${line.from.id}${line.to.id}`}
                line={line}
                graph={data}
                onEdit={(one) => void edit(one)}
              />
            ))}
          </ul>
        </>
      )}
      {object.name === "company" && <CompanyTree id={record.id} />}
      {editing && editedObject && (
        <Suspense>
          <EditRecord object={editedObject} record={editing} onClose={close} />
        </Suspense>
      )}
    </section>
  );
}
