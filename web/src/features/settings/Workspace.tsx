/** What holds for the whole workspace. */
import { useBoot } from "../../app/query";
import { t } from "../../i18n";
import { countryName } from "../../ui/fields/address";
import { Title } from "./parts";
import classes from "./settings.module.css";

export function Workspace() {
  const { workspace } = useBoot();
  const facts = [
    ["name", workspace.name],
    ["currency", workspace.base_currency],
    ["country", countryName(workspace.default_country)],
    ["version", workspace.version],
  ] as const;
  return (
    <>
      <Title name="workspace" />
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{t(`settings.workspace_${name}`)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
