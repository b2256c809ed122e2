/** Where mails of the program go out, a test, and what became of each of them. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../../api/client";
import { explain, showProblem } from "../../../app/problems";
import { queryClient } from "../../../app/query";
import { showToast } from "../../../app/toasts";
import { t } from "../../../i18n";
import { Empty } from "../../../ui/empty/Empty";
import { Title } from "../parts";
import classes from "../settings.module.css";
import { type MailSetUp, type MailTested, setUpKey } from "./data";
import { MailForm } from "./MailForm";
import { Outgoing } from "./Outgoing";

export function MailPage() {
  const { data, error, refetch } = useQuery({ queryKey: setUpKey, queryFn: () => api.get<MailSetUp>("/mail") });
  return (
    <>
      <Title name="mail" />
      {error && !data && (
        <Empty
          title={t("settings.load_failed")}
          text={explain(error)}
          action={{ label: t("error.retry"), run: () => void refetch() }}
        />
      )}
      {data && (
        <>
          <MailForm key={JSON.stringify(data)} known={data} />
          {data.settings && <Test />}
          <p className={`dimmed ${classes.hint}`}>{t("mail.links", { url: data.public_url })}</p>
          <Outgoing />
        </>
      )}
    </>
  );
}

/** A mail to oneself; the answer stands here until the next one. */
function Test() {
  const [busy, setBusy] = useState(false);
  const [tested, setTested] = useState<MailTested | null>(null);
  const test = async () => {
    setBusy(true);
    setTested(null);
    try {
      setTested(await api.post<MailTested>("/mail/test"));
    } catch (error) {
      showProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const remove = async () => {
    try {
      await api.delete("/mail");
      showToast(t("mail.removed"));
      await queryClient.invalidateQueries({ queryKey: setUpKey });
    } catch (error) {
      showProblem(error);
    }
  };
  return (
    <>
      <div className={`${classes.buttons} ${classes.after}`}>
        <Button variant="default" loading={busy} onClick={() => void test()}>
          {t("mail.test")}
        </Button>
        <Button variant="default" onClick={() => void remove()}>
          {t("mail.remove")}
        </Button>
      </div>
      {tested?.went && (
        <p role="status" className={classes.after}>
          {t("mail.test_went", { address: tested.address, answer: tested.answer })}
        </p>
      )}
      {tested && !tested.went && (
        <div role="alert" className={`${classes.problem} ${classes.after}`}>
          <strong>{t(`mail.stage_${tested.stage ?? "connect"}`)}</strong>
          <p>{t("mail.server_said", { answer: tested.answer })}</p>
        </div>
      )}
    </>
  );
}
