/** Home: what is due, what was looked at, what changed, and the first steps of a new workspace. */
import { useEffect } from "react";
import { useBoot } from "../../app/query";
import { t } from "../../i18n";
import { currentTimeZone, formatLongDay } from "../../i18n/format";
import { Changed } from "./Changed";
import { FirstSteps } from "./FirstSteps";
import { Growth } from "./Growth";
import classes from "./home.module.css";
import { OwnObjects } from "./OwnObjects";
import { Recent } from "./Recent";
import { TasksDue } from "./TasksDue";

function greeting(): string {
  const hour = Number(
    new Intl.DateTimeFormat("en-GB", { hour: "2-digit", hourCycle: "h23", timeZone: currentTimeZone() }).format(
      new Date(),
    ),
  );
  return hour < 5 ? "night" : hour < 12 ? "morning" : hour < 18 ? "day" : "evening";
}

export function HomePage() {
  const boot = useBoot();
  useEffect(() => {
    document.title = t("app.title", { page: t("nav.home") });
  }, []);
  const name = boot.user.name.split(" ")[0];
  return (
    <div className="page-body">
      <div className={`page-column ${classes.home}`}>
        <header className={classes.greeting}>
          <h1>{t(`home.good_${greeting()}`, { name })}</h1>
          <p className="dimmed">{formatLongDay(new Date().toISOString())}</p>
        </header>
        <FirstSteps />
        <div className={classes.columns}>
          <div className={classes.column}>
            <TasksDue />
            <Changed />
          </div>
          <div className={classes.column}>
            <Growth />
            <OwnObjects />
            <Recent />
          </div>
        </div>
      </div>
    </div>
  );
}
