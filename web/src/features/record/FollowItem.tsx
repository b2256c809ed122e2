/** Follows a record or no longer does, from its menu. */
import { Menu } from "@mantine/core";
import { IconBell, IconBellOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { ObjectMeta, RapportRecord } from "../../api/types";
import { showProblem } from "../../app/problems";
import { queryClient } from "../../app/query";
import { showToast } from "../../app/toasts";
import { t } from "../../i18n";

export function FollowItem({ object, record }: { object: ObjectMeta; record: RapportRecord }) {
  const path = `/${object.plural}/${record.id}/follow`;
  const queryKey = keys.follow(object.name, record.id);
  const { data } = useQuery({
    queryKey,
    queryFn: ({ signal }) => api.get<{ following: boolean }>(path, {}, { signal }),
  });
  const on = data?.following ?? false;
  const toggle = async () => {
    try {
      queryClient.setQueryData(queryKey, await (on ? api.delete(path) : api.put(path, {})));
      showToast(t(on ? "record.unfollowed" : "record.followed"));
    } catch (error) {
      showProblem(error, { retry: () => void toggle() });
    }
  };
  const Icon = on ? IconBellOff : IconBell;
  return (
    <Menu.Item leftSection={<Icon size={14} />} disabled={!data} onClick={() => void toggle()}>
      {t(on ? "record.unfollow" : "record.follow")}
    </Menu.Item>
  );
}
