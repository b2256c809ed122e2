/** Pictures and plain explanations of the field kinds, and the choice of one. */
import {
  IconAbc,
  IconAlignLeft,
  IconAt,
  IconBraces,
  IconCalendar,
  IconCalendarTime,
  IconCash,
  IconCheckbox,
  IconCircleDot,
  IconClock,
  IconDecimal,
  IconGripHorizontal,
  IconHash,
  IconHierarchy,
  IconLink,
  IconListCheck,
  IconMapPin,
  IconMathFunction,
  IconNumber123,
  IconPaperclip,
  IconPercentage,
  IconPhone,
  IconStar,
  IconSum,
  IconTopologyStar,
  IconUser,
  IconWorldWww,
  type TablerIcon,
} from "@tabler/icons-react";
import type { Kind } from "../../../api/types";
import { t } from "../../../i18n";
import { kindGroups } from "./definition";
import classes from "./designer.module.css";

const icons: { [kind in Kind]: TablerIcon } = {
  text: IconAbc,
  long_text: IconAlignLeft,
  integer: IconNumber123,
  decimal: IconDecimal,
  percent: IconPercentage,
  money: IconCash,
  date: IconCalendar,
  date_time: IconCalendarTime,
  duration: IconClock,
  boolean: IconCheckbox,
  select: IconCircleDot,
  multi_select: IconListCheck,
  rating: IconStar,
  emails: IconAt,
  phones: IconPhone,
  links: IconWorldWww,
  address: IconMapPin,
  reference: IconLink,
  references: IconHierarchy,
  about: IconTopologyStar,
  user: IconUser,
  files: IconPaperclip,
  json: IconBraces,
  auto_number: IconHash,
  rank: IconGripHorizontal,
  formula: IconMathFunction,
  rollup: IconSum,
  actor: IconUser,
};

export function KindIcon({ kind, size = 16 }: { kind: Kind; size?: number }) {
  const Icon = icons[kind];
  return <Icon size={size} stroke={1.6} aria-hidden />;
}

export function KindChoice({ onChoose }: { onChoose: (kind: Kind) => void }) {
  return (
    <div className={classes.kinds}>
      {kindGroups.map((group) => (
        <section key={group.name} aria-label={t(`designer.kinds_${group.name}`)}>
          <h3>{t(`designer.kinds_${group.name}`)}</h3>
          <ul>
            {group.kinds.map((kind) => (
              <li key={kind}>
                <button type="button" className={classes.kind} onClick={() => onChoose(kind)}>
                  <KindIcon kind={kind} size={18} />
                  <span>
                    <strong>{t(`kind.${kind}`)}</strong>
                    <span className="dimmed">{t(`designer.kind_${kind}`)}</span>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
