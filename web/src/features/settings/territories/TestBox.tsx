/** Where would this company go, and why: the rules on the way, each with what it says. */
import { IconCheck, IconFolder, IconLock, IconX, type TablerIcon } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { explain } from "../../../app/problems";
import { t } from "../../../i18n";
import { RecordPicker } from "../../../ui/fields/RecordPicker";
import { askReasons, type Reasons, type TreeChange } from "./data";
import classes from "./territories.module.css";

const icons: { [said in Reasons["tried"][number]["said"]]: TablerIcon } = {
  folder: IconFolder,
  yes: IconCheck,
  no: IconX,
  broken: IconX,
  hidden: IconLock,
};

export function TestBox({ changes }: { changes: TreeChange[] }) {
  const [company, setCompany] = useState<string | null>(null);
  const { data, error } = useQuery({
    enabled: company !== null,
    queryKey: ["territories", "reasons", company, changes],
    queryFn: () => askReasons(company ?? "", changes),
    staleTime: 0,
  });
  return (
    <section className={classes.test} aria-labelledby="territories-test">
      <h3 id="territories-test">{t("territories.test")}</h3>
      <RecordPicker
        objects={["company"]}
        ariaLabel={t("territories.test")}
        placeholder={t("territories.test_pick")}
        value={company ? [{ object: "company", id: company }] : []}
        onChange={(links) => setCompany(links.at(-1)?.id ?? null)}
      />
      {error && company && <p role="alert">{explain(error)}</p>}
      {data && company && <Answer reasons={data} />}
    </section>
  );
}

function Answer({ reasons }: { reasons: Reasons }) {
  const { pinned, stands, goes, tried } = reasons;
  const name = (place: Reasons["goes"]) => (place ? (place.name ?? "") : t("territories.none"));
  const same = stands?.id === goes?.id;
  return (
    <div role="status">
      <p>
        <strong>
          {pinned
            ? t("territories.test_pinned", { name: name(stands) })
            : t("territories.test_goes", { name: name(goes) })}
        </strong>
        {!pinned && !same && <span className="dimmed"> {t("territories.test_stands", { name: name(stands) })}</span>}
      </p>
      <ul className={classes.tried}>
        {tried.map((one) => {
          const Icon = icons[one.said];
          return (
            <li key={one.id} data-said={one.said} style={{ paddingInlineStart: one.depth * 20 }}>
              <Icon size={15} aria-hidden />
              <span>{one.name}</span>
              <span className="dimmed">{t(`territories.said_${one.said}`)}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
