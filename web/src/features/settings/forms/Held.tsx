/** Enquiries that looked like a machine's: made a lead after all, or thrown away. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../../../api/client";
import type { RapportRecord } from "../../../api/types";
import { showProblem } from "../../../app/problems";
import { queryClient, refreshObject } from "../../../app/query";
import { offerUndo } from "../../../app/undo";
import { t } from "../../../i18n";
import { formatDateTime } from "../../../i18n/format";
import { Listed } from "../parts";
import settings from "../settings.module.css";
import classes from "./forms.module.css";

interface HeldEnquiry {
  id: string;
  form: string;
  at: string;
  reason: "trap" | "no_stamp" | "too_fast" | "links";
  address: string;
  said: { name: string; email: string; phone: string; company: string; message: string; page: string };
}

const query_key = ["settings", "held-enquiries"];

async function act(work: () => Promise<void>) {
  try {
    await work();
  } catch (error) {
    showProblem(error);
  } finally {
    await queryClient.invalidateQueries({ queryKey: query_key });
  }
}

const release = (held: HeldEnquiry) =>
  act(async () => {
    const { batch } = await api.post<{ batch: string }>(`/capture/held/${held.id}`, {});
    for (const name of ["lead", "person", "company"]) {
      refreshObject(name);
    }
    offerUndo(batch, t("forms.released", { name: held.said.name || held.said.email }));
  });

const discard = (held: HeldEnquiry) => act(async () => void (await api.delete(`/capture/held/${held.id}`)));

export function Held({ forms }: { forms: RapportRecord[] }) {
  const query = useQuery({
    queryKey: query_key,
    queryFn: () => api.get<{ held: HeldEnquiry[]; days: number }>("/capture/held"),
    staleTime: 0,
    refetchInterval: 15_000,
  });
  const nameOf = (held: HeldEnquiry) => String(forms.find((form) => form.id === held.form)?.name ?? "");
  return (
    <section className={classes.part} aria-labelledby="forms-held">
      <h3 id="forms-held">{t("forms.held")}</h3>
      <p className="dimmed">{t("forms.held_text", { count: query.data?.days ?? 30 })}</p>
      <Listed query={{ data: query.data?.held, error: query.error, refetch: query.refetch }}>
        {(rows) =>
          rows.length === 0 ? (
            <p className="dimmed">{t("forms.held_none")}</p>
          ) : (
            <ul className={settings.rows}>
              {rows.map((held) => (
                <li key={held.id} className={classes.held}>
                  <div>
                    <strong>{held.said.name || held.said.email}</strong>{" "}
                    <span className="dimmed">
                      {[held.said.email, held.said.company, held.said.phone].filter(Boolean).join(" · ")}
                    </span>
                    {held.said.message && <p className={classes.message}>{held.said.message}</p>}
                    <p className="dimmed">
                      {[t(`forms.why_${held.reason}`), nameOf(held), formatDateTime(held.at), held.address]
                        .filter(Boolean)
                        .join(" · ")}
                    </p>
                  </div>
                  <span className={classes.buttons}>
                    {nameOf(held) && (
                      <button type="button" className="tool" onClick={() => void release(held)}>
                        {t("forms.release")}
                      </button>
                    )}
                    <button type="button" className="tool" onClick={() => void discard(held)}>
                      {t("forms.discard")}
                    </button>
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Listed>
    </section>
  );
}
