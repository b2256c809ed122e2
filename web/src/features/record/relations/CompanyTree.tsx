/** The tree of companies that one belongs to, with people and open tasks of everything below each. */
import { Link } from "@tanstack/react-router";
import { recordAddress } from "../../../app/navigation";
import { findObject } from "../../../app/query";
import { t } from "../../../i18n";
import { formatNumber } from "../../../i18n/format";
import { useTree } from "./data";
import classes from "./relations.module.css";

export function CompanyTree({ id }: { id: string }) {
  const { data } = useTree(id);
  const object = findObject("company");
  if (!data || !object || data.companies.length < 2) {
    return null;
  }
  return (
    <div className={classes.tree}>
      <h3 className={classes.listTitle}>{t("relations.tree")}</h3>
      <div className={classes.tableBox}>
        <table>
          <thead>
            <tr>
              <th scope="col">{object.label}</th>
              <th scope="col">{t("relations.people")}</th>
              <th scope="col">{t("relations.all_people")}</th>
              <th scope="col">{t("relations.all_open_tasks")}</th>
            </tr>
          </thead>
          <tbody>
            {data.companies.map((company) => (
              <tr key={company.id} data-here={company.id === id || undefined}>
                <th scope="row" style={{ paddingInlineStart: `${10 + Math.min(company.level, 8) * 18}px` }}>
                  <span className="visually-hidden">{t("relations.level", { level: company.level + 1 })} </span>
                  {company.id === id ? (
                    <strong aria-current="page">{company.title}</strong>
                  ) : (
                    <Link to={recordAddress(object, company.id)}>{company.title}</Link>
                  )}
                </th>
                <td>{formatNumber(company.people)}</td>
                <td>{formatNumber(company.all_people)}</td>
                <td>{formatNumber(company.all_open_tasks)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {data.at_least && <p className="dimmed">{t("relations.tree_at_least")}</p>}
    </div>
  );
}
