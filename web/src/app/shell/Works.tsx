/** How far work in the background is, above the messages, with the button that ends it. */
import { t } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { showProblem } from "../problems";
import { cancelWork, type Work, works } from "../works";

function WorkRow({ work }: { work: Work }) {
  const done = Math.round(work.progress * work.total);
  const text = t("works.progress", { done: formatNumber(done), total: formatNumber(work.total) });
  return (
    <div className="toast" data-work>
      <span>
        {work.label}
        {work.total > 0 && <small>{text}</small>}
        <span
          className="bar"
          role="progressbar"
          aria-label={work.label}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(work.progress * 100)}
          aria-valuetext={text}
        >
          <span style={{ inlineSize: `${work.progress * 100}%` }} />
        </span>
      </span>
      {!work.steady && (
        <button type="button" onClick={() => void cancelWork(work.id).catch(showProblem)}>
          {t("works.cancel")}
        </button>
      )}
    </div>
  );
}

export function Works() {
  const list = works.use();
  return list.map((work) => <WorkRow key={work.id} work={work} />);
}
