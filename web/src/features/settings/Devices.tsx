/** Notifications on one's devices while the application is closed: this one switched on, all of them listed, tried out, removed. */
import { Switch } from "@mantine/core";
import { IconDeviceDesktop, IconDeviceMobile } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import { explain, showProblem } from "../../app/problems";
import { type Device, devicesKey, forgetHere, loadDevices, obstacleOf, switchOn, thisDevice } from "../../app/push";
import { queryClient, useBoot } from "../../app/query";
import { showToast } from "../../app/toasts";
import { t } from "../../i18n";
import { formatRelative } from "../../i18n/format";
import { Listed } from "./parts";
import { browserName } from "./Security";
import classes from "./settings.module.css";

interface Tested {
  went: boolean;
  gone: boolean;
  answer: string;
}

const refresh = () => queryClient.invalidateQueries({ queryKey: devicesKey });

export function Devices() {
  const boot = useBoot();
  const query = useQuery({
    queryKey: devicesKey,
    queryFn: async () => {
      const { devices } = await loadDevices();
      return { devices, own: (await thisDevice(devices))?.id };
    },
  });
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string>();
  const obstacle = obstacleOf();
  const own = query.data?.own;
  const change = async (on: boolean) => {
    setBusy(true);
    setRefused(undefined);
    try {
      if (on) {
        const why = await switchOn(boot.user.id);
        setRefused(why && t(`push.${why}`));
      } else if (own) {
        await api.delete(`/push/devices/${own}`);
        await forgetHere();
      }
      await refresh();
    } catch (error) {
      // The browser's own words: its push service cannot be reached, or it wants none.
      setRefused(error instanceof DOMException ? t("push.failed", { why: error.message }) : explain(error));
    } finally {
      setBusy(false);
    }
  };
  const hint = refused ?? (obstacle ? t(`push.${obstacle}`) : undefined);
  return (
    <section aria-labelledby="settings-devices">
      <h3 id="settings-devices">{t("push.title")}</h3>
      <p className={`dimmed ${classes.text}`}>{t("push.why")}</p>
      <Switch
        className={classes.switchRow}
        label={t("push.here")}
        checked={own !== undefined}
        disabled={busy || !query.data || (obstacle !== undefined && own === undefined)}
        onChange={(event) => void change(event.currentTarget.checked)}
      />
      {hint && (
        <p role="status" className={classes.text}>
          {hint}
        </p>
      )}
      <Listed query={{ data: query.data?.devices, error: query.error, refetch: query.refetch }}>
        {(devices) =>
          devices.length > 0 && (
            <ul className={classes.rows}>
              {devices.map((device) => (
                <Row key={device.id} device={device} isOwn={device.id === own} />
              ))}
            </ul>
          )
        }
      </Listed>
    </section>
  );
}

function Row({ device, isOwn }: { device: Device; isOwn: boolean }) {
  const [tested, setTested] = useState<Tested>();
  const [busy, setBusy] = useState(false);
  const name = browserName(device.agent);
  const Icon = /Mobile|iPhone|Android/.test(device.agent) ? IconDeviceMobile : IconDeviceDesktop;
  const test = async () => {
    setBusy(true);
    try {
      setTested(await api.post<Tested>(`/push/devices/${device.id}/test`));
      await refresh();
    } catch (error) {
      showProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const remove = async () => {
    try {
      await api.delete(`/push/devices/${device.id}`);
      if (isOwn) {
        await forgetHere();
      }
      showToast(t("push.removed", { name }));
    } catch (error) {
      showProblem(error);
    } finally {
      await refresh();
    }
  };
  const facts = [
    t("push.since", { time: formatRelative(device.created_at) }),
    device.delivered_at
      ? t("push.delivered", { time: formatRelative(device.delivered_at) })
      : t("push.delivered_never"),
  ];
  return (
    <li className={classes.wrapping}>
      <Icon size={20} stroke={1.5} aria-hidden />
      <span className={classes.rowMain}>
        <strong>{name}</strong>
        <span className="dimmed">{facts.join(" · ")}</span>
        {tested ? (
          <span role="status" className={classes.answer}>
            {tested.went ? t("push.tested") : t("push.not_tested", { answer: tested.answer })}
          </span>
        ) : (
          device.answer && <span className={classes.answer}>{t("push.trouble", { answer: device.answer })}</span>
        )}
      </span>
      {isOwn && (
        <span className="chip" data-color="green">
          <span>{t("push.this")}</span>
        </span>
      )}
      <span className={classes.deviceButtons}>
        <button
          type="button"
          className="tool"
          data-outline
          disabled={busy}
          onClick={() => void test()}
          aria-label={t("push.test_named", { name })}
        >
          {t("push.test")}
        </button>
        <button
          type="button"
          className="tool"
          data-outline
          onClick={() => void remove()}
          aria-label={t("push.remove_named", { name })}
        >
          {t("push.remove")}
        </button>
      </span>
    </li>
  );
}
