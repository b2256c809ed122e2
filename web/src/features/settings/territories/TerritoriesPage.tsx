/** Territories: the tree with its companies, one territory to change, and a box to try where a company goes. */
import { IconMap2, IconPlus } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import type { FieldValue, ObjectMeta, RapportRecord } from "../../../api/types";
import { explain, showProblem } from "../../../app/problems";
import { useObject } from "../../../app/query";
import { followNewMoves } from "../../../app/territoryMoves";
import { leave } from "../../../app/unsaved";
import { bulk, createRecord, deleteRecords, updateRecord } from "../../../app/write";
import { t } from "../../../i18n";
import { Empty } from "../../../ui/empty/Empty";
import { type Problems, problemsOf } from "../../../ui/form/recordForm";
import { useTerritories } from "../../../ui/territories/useTerritories";
import { Listed, Title } from "../parts";
import { askMoves, type Moves, moved, type TreeChange } from "./data";
import { MovesDialog } from "./MovesDialog";
import { TerritoryForm } from "./TerritoryForm";
import { TerritoryList } from "./TerritoryList";
import { TestBox } from "./TestBox";

/** What is open: a territory, or a new one below another. */
type Open = { id: string } | { below: string | null };

/** A change that waits for a yes. */
interface Waiting {
  moves: Moves;
  run: () => Promise<void>;
}

export function TerritoriesPage() {
  const object = useObject("territory");
  const query = useTerritories();
  if (!object) {
    return null;
  }
  return <Page object={object} query={query} />;
}

function Page({ object, query }: { object: ObjectMeta; query: ReturnType<typeof useTerritories> }) {
  const [open, setOpen] = useState<Open | null>(null);
  const [thought, setThought] = useState<TreeChange[]>([]);
  const [problems, setProblems] = useState<Problems>({});
  const [waiting, setWaiting] = useState<Waiting | null>(null);
  const [busy, setBusy] = useState(false);
  const think = useCallback((changes: TreeChange[]) => setThought(changes), []);
  const show = (next: Open | null) => {
    setProblems({});
    setOpen(next);
  };
  const go = async (run: () => Promise<void>, failed: (error: unknown) => void) => {
    setBusy(true);
    try {
      await run();
      void followNewMoves();
    } catch (error) {
      failed(error);
    } finally {
      setBusy(false);
      setWaiting(null);
    }
  };
  /** Looks who would move; asks when somebody would. */
  const consider = async (changes: TreeChange[], run: () => Promise<void>, failed: (error: unknown) => void) => {
    setBusy(true);
    try {
      const moves = changes.length > 0 ? await askMoves(changes) : undefined;
      if (moves && moves.moved > 0) {
        setWaiting({ moves, run: () => go(run, failed) });
        return;
      }
    } catch (error) {
      failed(error);
      return;
    } finally {
      setBusy(false);
    }
    await go(run, failed);
  };
  const save = (
    territory: RapportRecord | undefined,
    values: { [field: string]: FieldValue },
    changes: TreeChange[],
  ) => {
    setProblems({});
    const run = async () => {
      const label = t("territories.saved", { name: String(values.name ?? territory?.name ?? "") });
      const options = { throwOnly: true, label };
      await (territory ? updateRecord(object, territory, values, options) : createRecord(object, values, options));
      show(null);
    };
    void consider(changes, run, (error) => setProblems(problemsOf(error, object.fields)));
  };
  const remove = (territory: RapportRecord) => {
    const run = async () => {
      await deleteRecords(object, [territory.id], String(territory.name ?? ""));
      show(null);
    };
    void consider([{ id: territory.id, delete: true }], run, (error) => setProblems({ "": explain(error) }));
  };
  const move = (siblings: RapportRecord[], territory: RapportRecord, by: -1 | 1) => {
    const changes = moved(siblings, territory.id, by);
    const update = changes.map(({ id, position }) => ({ id: id ?? "", position: position ?? null }));
    const label = t("territories.ordered", { name: String(territory.name ?? "") });
    void consider(changes, async () => void (await bulk(object, { update }, label, { throwOnly: true })), showProblem);
  };
  return (
    <>
      <Title name="territories">
        {object.can.create && (
          <button type="button" className="tool" data-primary onClick={() => void leave(() => show({ below: null }))}>
            <IconPlus size={15} /> {t("territories.new")}
          </button>
        )}
      </Title>
      <Listed query={query}>
        {(territories) => {
          const chosen = open && "id" in open ? territories.find((entry) => entry.id === open.id) : undefined;
          return (
            <>
              {territories.length === 0 && !open && (
                <Empty icon={IconMap2} title={t("territories.empty")} text={t("territories.empty_text")} />
              )}
              {territories.length > 0 && (
                <TerritoryList
                  object={object}
                  territories={territories}
                  chosen={chosen?.id}
                  onOpen={(id) => void leave(() => show({ id }))}
                  onAdd={(below) => void leave(() => show({ below }))}
                  onMove={move}
                />
              )}
              {open && (chosen || "below" in open) && (
                <TerritoryForm
                  key={chosen ? `${chosen.id} ${chosen.version}` : `new ${"below" in open ? open.below : ""}`}
                  object={object}
                  territories={territories}
                  territory={chosen}
                  start={"below" in open ? { parent: open.below } : undefined}
                  problems={problems}
                  busy={busy}
                  onThink={think}
                  onSave={(values, changes) => save(chosen, values, changes)}
                  onDelete={() => chosen && remove(chosen)}
                  onClose={() => void leave(() => show(null))}
                />
              )}
              {(territories.length > 0 || open) && <TestBox changes={thought} />}
            </>
          );
        }}
      </Listed>
      {waiting && (
        <MovesDialog
          moves={waiting.moves}
          busy={busy}
          onGo={() => void waiting.run()}
          onClose={() => setWaiting(null)}
        />
      )}
    </>
  );
}
