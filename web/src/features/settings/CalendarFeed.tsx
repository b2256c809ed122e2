/** One's own calendar for other programs: an address that is a secret, made, changed and taken back here. */
import { NativeSelect } from "@mantine/core";
import { IconCalendarShare } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import { showProblem } from "../../app/problems";
import { queryClient } from "../../app/query";
import { t } from "../../i18n";
import { formatDateTime } from "../../i18n/format";
import { CopyBox } from "../../ui/CopyBox";
import { Empty } from "../../ui/empty/Empty";
import { Title } from "./parts";
import classes from "./settings.module.css";

interface FeedState {
  on: boolean;
  tasks: string;
  created_at: string | null;
}

const key = ["calendar_feed"];

export function CalendarFeed() {
  const { data } = useQuery({ queryKey: key, queryFn: () => api.get<FeedState>("/calendar_feed") });
  const [url, setUrl] = useState<string>();
  const [tasks, setTasks] = useState<string>();
  const chosen = tasks ?? data?.tasks ?? "todos";
  const make = async () => {
    try {
      const made = await api.post<FeedState & { url: string }>("/calendar_feed", { tasks: chosen });
      setUrl(made.url);
      await queryClient.invalidateQueries({ queryKey: key });
    } catch (error) {
      showProblem(error);
    }
  };
  const remove = async () => {
    try {
      await api.delete("/calendar_feed");
      setUrl(undefined);
      await queryClient.invalidateQueries({ queryKey: key });
    } catch (error) {
      showProblem(error);
    }
  };
  return (
    <>
      <Title name="calendar" />
      {data && (
        <div className={classes.form}>
          <NativeSelect
            size="xs"
            label={t("feed.tasks")}
            description={data.on ? t("feed.tasks_hint") : undefined}
            inputWrapperOrder={["label", "input", "description", "error"]}
            value={chosen}
            data={["todos", "days", "none"].map((value) => ({ value, label: t(`feed.tasks_${value}`) }))}
            onChange={(event) => setTasks(event.currentTarget.value)}
          />
          {url && (
            <>
              <p role="status">{t("feed.once")}</p>
              <CopyBox value={url} label={t("feed.address")} />
            </>
          )}
          {data.on ? (
            <>
              {!url && <p>{t("feed.is_on", { at: data.created_at ? formatDateTime(data.created_at) : "" })}</p>}
              <div className={classes.feedButtons}>
                <button type="button" className="tool" data-outline onClick={() => void make()}>
                  {t("feed.renew")}
                </button>
                <button type="button" className="tool" data-outline onClick={() => void remove()}>
                  {t("feed.revoke")}
                </button>
              </div>
            </>
          ) : (
            <Empty
              icon={IconCalendarShare}
              title={t("feed.none")}
              text={t("feed.text")}
              action={{ label: t("feed.make"), run: () => void make() }}
            />
          )}
        </div>
      )}
    </>
  );
}
