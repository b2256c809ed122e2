/** Quotes that are made of a deal or of the version before: the new one is shown, with the way back. */
import { api } from "../../../api/client";
import { keys } from "../../../api/keys";
import { rememberRecord } from "../../../api/titles";
import type { RapportRecord } from "../../../api/types";
import { recordAddress } from "../../../app/navigation";
import { showProblem } from "../../../app/problems";
import { findObject, queryClient, refreshObject } from "../../../app/query";
import { go } from "../../../app/router";
import { offerUndo } from "../../../app/undo";
import { t } from "../../../i18n";

interface Made {
  quote: RapportRecord;
  batch: string;
}

export async function makeQuote(path: string, before?: { object: string; id: string }): Promise<void> {
  const object = findObject("quote");
  if (!object) {
    return;
  }
  try {
    const made = await api.post<Made>(path, {});
    rememberRecord(object, made.quote);
    refreshObject(object.name);
    if (before) {
      void queryClient.invalidateQueries({ queryKey: keys.record(before.object, before.id) });
    }
    offerUndo(made.batch, t("quotes.made", { number: String(made.quote.number ?? "") }));
    go(recordAddress(object, made.quote.id));
  } catch (error) {
    showProblem(error, { retry: () => void makeQuote(path, before) });
  }
}
