/** The secret of a second factor, for an authenticator app: as a picture to scan, as a link, as text to type. */
import { t } from "../../i18n";
import classes from "./security.module.css";

export interface Offer {
  secret: string;
  uri: string;
  qr: { size: number; path: string };
}

/** Light around the code, which cameras need. */
const quiet_zone = 4;

export function OfferView({ offer }: { offer: Offer }) {
  const size = offer.qr.size + 2 * quiet_zone;
  return (
    <div className={classes.offer}>
      <p className="dimmed">{t("security.scan")}</p>
      <svg
        className={classes.qr}
        viewBox={`${-quiet_zone} ${-quiet_zone} ${size} ${size}`}
        shapeRendering="crispEdges"
        role="img"
        aria-label={t("security.qr")}
      >
        <path d={offer.qr.path} fill="#000" />
      </svg>
      <p className="dimmed">{t("security.type_secret")}</p>
      <code className={classes.secret} data-testid="secret">
        {offer.secret.match(/.{1,4}/g)?.join(" ")}
      </code>
      <a href={offer.uri} className={classes.link}>
        {t("security.open_app")}
      </a>
    </div>
  );
}
