/** All results of a search, by object. */
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import { subtitleOf } from "../../api/titles";
import type { ObjectMeta, SearchHit } from "../../api/types";
import { PageError } from "../../app/errors";
import { documentsObject, mainObjects, recordAddress } from "../../app/navigation";
import { useBoot } from "../../app/query";
import { t } from "../../i18n";
import { Empty } from "../../ui/empty/Empty";
import { RecordMark } from "../../ui/RecordMark";
import classes from "./search.module.css";

const results_max = 50;
const wait_ms = 180;

function Hit({ hit }: { hit: SearchHit }) {
  const boot = useBoot();
  const object = boot.objects.find((entry) => entry.name === hit.object || entry.plural === hit.object);
  if (!object) {
    return null;
  }
  return (
    <li>
      <Link to={recordAddress(object, hit.id)} className={classes.hit}>
        <RecordMark object={object} title={hit.title} size="md" />
        <span className={classes.about}>
          <span className="truncate">
            <strong>{hit.title}</strong>
            {hit.subtitle && <span className="dimmed"> {subtitleOf(hit.object, hit.subtitle)}</span>}
          </span>
          {hit.excerpt && <span className={`dimmed ${classes.excerpt}`}>{hit.excerpt}</span>}
        </span>
        <span className={`dimmed ${classes.kind}`}>{object.label}</span>
      </Link>
    </li>
  );
}

/** Where search looks, by object, with the way to have it look elsewhere for whoever may say so. */
function LookedInto({ plural }: { plural: string | undefined }) {
  const boot = useBoot();
  const { role } = boot;
  const may = role.admin || role.rights.special?.includes("configure") === true;
  const documents = documentsObject(boot);
  const all = [...mainObjects(boot), ...(documents ? [documents] : [])];
  const labels = (object: ObjectMeta) =>
    (object.search ?? []).flatMap(
      (name) => object.fields.find((field) => field.name === name && !field.hidden)?.label ?? [],
    );
  return (
    <section className={classes.looked} aria-label={t("search.looked")}>
      <h2>{t("search.looked")}</h2>
      <dl>
        {all
          .filter((object) => plural === undefined || object.plural === plural)
          .map((object) => (
            <div key={object.name}>
              <dt>{object.label_plural}</dt>
              <dd className="dimmed">{labels(object).join(", ") || t("search.looked_nowhere")}</dd>
              {may && (
                <dd>
                  <Link
                    to="/settings/objects/$name"
                    params={{ name: object.name }}
                    search={{ tab: "lists" }}
                    className="link"
                    aria-label={t("search.change_for", { objects: object.label_plural })}
                  >
                    {t("search.change")}
                  </Link>
                </dd>
              )}
            </div>
          ))}
      </dl>
    </section>
  );
}

export function SearchPage() {
  const { q = "", objects } = useSearch({ strict: false }) as { q?: string; objects?: string };
  const navigate = useNavigate();
  const boot = useBoot();
  const documents = documentsObject(boot);
  const [words, setWords] = useState(q);
  useEffect(() => {
    document.title = t("app.title", { page: t("nav.search") });
  }, []);
  useEffect(() => {
    if (words === q) {
      return;
    }
    const timer = setTimeout(
      () =>
        void navigate({ to: ".", replace: true, search: (before: object) => ({ ...before, q: words || undefined }) }),
      wait_ms,
    );
    return () => clearTimeout(timer);
  }, [words, q, navigate]);
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: [...keys.search(q), objects ?? "", results_max],
    queryFn: ({ signal }) =>
      api.get<{ results: SearchHit[] }>("/search", { q, objects, limit: results_max }, { signal }),
    enabled: q.trim() !== "",
    placeholderData: (before) => before,
  });
  const results = q.trim() ? (data?.results ?? []) : [];
  return (
    <>
      <header className="page-header">
        <h1 className="visually-hidden">{t("nav.search")}</h1>
        <label className={classes.box}>
          <IconSearch size={18} />
          <input
            type="search"
            // biome-ignore lint/a11y/noAutofocus: the page is for typing into this field
            autoFocus
            aria-label={t("search.label")}
            placeholder={t("search.label")}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
          />
        </label>
      </header>
      <div className="page-body">
        <div className="page-column">
          <nav className={classes.kinds} aria-label={t("search.kinds")}>
            {[undefined, ...mainObjects(boot), ...(documents ? [documents] : [])].map((object) => (
              <Link
                key={object?.name ?? "all"}
                to="/search"
                search={{ q, objects: object?.plural }}
                className="tool"
                data-on={objects === object?.plural ? "" : undefined}
                aria-current={objects === object?.plural ? "page" : undefined}
              >
                {object?.label_plural ?? t("view.all")}
              </Link>
            ))}
          </nav>
          <p className="visually-hidden" role="status">
            {q && !isFetching ? t("palette.count", { count: results.length }) : ""}
          </p>
          {error && <PageError error={error} reset={() => void refetch()} />}
          {!q.trim() && <Empty icon={IconSearch} title={t("search.start")} text={t("search.start_text")} />}
          {q.trim() && data && results.length === 0 && (
            <>
              <Empty
                icon={IconSearch}
                title={t("palette.nothing", { query: q })}
                text={t("search.nothing_text")}
                action={
                  objects ? { label: t("search.everywhere"), href: `/search?q=${encodeURIComponent(q)}` } : undefined
                }
              />
              <LookedInto plural={objects} />
            </>
          )}
          {results.length > 0 && (
            <ul className={classes.list}>
              {results.map((hit) => (
                <Hit key={hit.id} hit={hit} />
              ))}
            </ul>
          )}
        </div>
      </div>
    </>
  );
}
