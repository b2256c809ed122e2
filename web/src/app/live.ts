/** Live updates: one event stream per browser, held by the window that has the lock, passed on to the others, put into the query cache. */
import { useEffect } from "react";
import { api, base } from "../api/client";
import { keys } from "../api/keys";
import type { LiveChange, LiveJob, LivePresence, ObjectMeta, RapportRecord } from "../api/types";
import { recordsIn } from "./cached";
import { refreshDefinitions } from "./definitions";
import { refreshLayouts } from "./layouts";
import { refreshNotifications } from "./notifications";
import { hear } from "./presence";
import { findObject, patchRecord, queryClient, refreshAfterBatch, refreshObject } from "./query";
import { createStore } from "./store";

type Message =
  | { kind: "change"; change: LiveChange; position: number }
  | { kind: "job"; job: LiveJob }
  | { kind: "notification" }
  | { kind: "layouts" }
  | { kind: "presence"; presence: LivePresence }
  | { kind: "state"; connected: boolean; refused?: boolean }
  | { kind: "resync" };

/** Whether the stream is up; undefined until it was tried. */
export const connected = createStore<boolean | undefined>(undefined);

const jobListeners = new Set<(job: LiveJob) => void>();
/** Follows the progress of jobs. */
export function onJob(listener: (job: LiveJob) => void): () => void {
  jobListeners.add(listener);
  return () => jobListeners.delete(listener);
}

/** Where this window stands in the change log: what it read is at least that new, what comes later it was told. */
let position = 0;

function standAt(at: number): void {
  position = Math.max(position, at);
}

const singles_max = 20;
const gather_ms = 60;
const refresh_ms = 500;
let gathered: LiveChange[] = [];
let _gathering: ReturnType<typeof setTimeout> | undefined;
const refreshing = new Map<string, ReturnType<typeof setTimeout>>();

function receive(message: Message): void {
  if (message.kind === "resync") {
    void refreshAfterBatch();
    void refreshDefinitions();
  } else if (message.kind === "state") {
    if (message.connected && connected.get() === false) {
      void refreshAfterBatch();
    }
    if (message.connected) {
      // They are in no log: what was told between the page and the stream is asked for.
      askForNotifications();
    }
    connected.set(message.connected);
    if (message.refused) {
      // The session may be over: whoever asks is told, and led to the log-in.
      void api.get("/workspace").catch(() => {});
    }
  } else if (message.kind === "notification") {
    askForNotifications();
  } else if (message.kind === "layouts") {
    later("boot", refreshLayouts);
  } else if (message.kind === "presence") {
    hear(message.presence);
  } else if (message.kind === "job") {
    for (const listener of jobListeners) {
      listener(message.job);
    }
  } else {
    standAt(message.position);
    gathered.push(message.change);
    _gathering ??= setTimeout(apply, gather_ms);
  }
}

/** Applies what came in a moment: single records at once, many by asking for the lists again. */
function apply(): void {
  const changes = gathered;
  gathered = [];
  _gathering = undefined;
  const single = changes.length <= singles_max;
  for (const change of changes) {
    const object = findObject(change.object);
    if (single && object && change.op === "update") {
      void fetchChanged(object, change);
    }
    if (["view", "role", "user"].includes(change.object)) {
      later("boot", () => queryClient.invalidateQueries({ queryKey: keys.boot }));
    }
    // Another record may be in sight now, or out of it.
    if (change.object === "share") {
      later("shares", () => refreshAfterBatch());
    }
    if (change.object === "page_layout") {
      later("boot", refreshLayouts);
    }
    // Objects or fields are others now: their records may have more values, or fewer.
    if (change.object === "definition") {
      later("definitions", () => refreshDefinitions());
    }
  }
  for (const name of new Set(changes.map((change) => change.object))) {
    later(name, () => {
      refreshObject(name);
      if (!single) {
        void queryClient.invalidateQueries({ queryKey: ["record", name] });
      }
    });
  }
  later("timelines", () => {
    void queryClient.invalidateQueries({ queryKey: ["timeline"] });
    void queryClient.invalidateQueries({ queryKey: ["history"] });
    void queryClient.invalidateQueries({ queryKey: keys.activityNew });
  });
}

function askForNotifications(): void {
  later("notifications", refreshNotifications);
}

function later(name: string, run: () => void): void {
  clearTimeout(refreshing.get(name));
  refreshing.set(name, setTimeout(run, refresh_ms));
}

/** Whether a record of at least that version is what is shown, or it is not shown at all. */
function upToDate(object: ObjectMeta, change: LiveChange): boolean {
  const versions: number[] = [];
  const note = (record: RapportRecord | undefined) => {
    if (record?.id === change.id) {
      versions.push(typeof record.version === "number" ? record.version : 0);
    }
  };
  note(queryClient.getQueryData<RapportRecord>(keys.record(object.name, change.id)));
  for (const [, data] of queryClient.getQueriesData({ queryKey: keys.pages(object.name) })) {
    recordsIn(data).forEach(note);
  }
  return versions.every((version) => version >= change.version);
}

async function fetchChanged(object: ObjectMeta, change: LiveChange): Promise<void> {
  if (upToDate(object, change)) {
    return;
  }
  try {
    patchRecord(object, await api.get<RapportRecord>(`/${object.plural}/${change.id}`));
  } catch {
    // Gone or out of sight by now: the refresh of the list shows it.
  }
}

/** How soon a stream that the server refused is tried again. */
const retry_ms = 5_000;

/** Opens the stream and passes everything on; ends when the signal says so. */
function stream(pass: (message: Message) => void, signal: AbortSignal): Promise<void> {
  let source = open(pass, again);
  let waiting: ReturnType<typeof setTimeout> | undefined;
  function again(): void {
    waiting = setTimeout(() => {
      source = open(pass, again);
    }, retry_ms);
  }
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => {
      clearTimeout(waiting);
      source.close();
      resolve();
    });
  });
}

function open(pass: (message: Message) => void, again: () => void): EventSource {
  const source = new EventSource(`${base}/events?after=${position}`, { withCredentials: true });
  source.onopen = () => pass({ kind: "state", connected: true });
  source.onerror = () => {
    // A lost connection is made again by the browser itself; after a refusal it gives up.
    const refused = source.readyState === EventSource.CLOSED;
    pass({ kind: "state", connected: false, refused });
    if (refused) {
      again();
    }
  };
  source.addEventListener("change", (event) =>
    pass({ kind: "change", change: JSON.parse(event.data) as LiveChange, position: Number(event.lastEventId) }),
  );
  // Too much was missed while away to be told one by one.
  source.addEventListener("resync", () => pass({ kind: "resync" }));
  source.addEventListener("notification", () => pass({ kind: "notification" }));
  // Said to those who may not read layouts and see pages by them.
  source.addEventListener("layouts", () => pass({ kind: "layouts" }));
  source.addEventListener("presence", (event) =>
    pass({ kind: "presence", presence: JSON.parse(event.data) as LivePresence }),
  );
  source.addEventListener("job", (event) => pass({ kind: "job", job: JSON.parse(event.data) as LiveJob }));
  return source;
}

/** Takes part in live updates while the component is shown; `start` is the position of the start data. */
export function useLive(start: number): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stream is opened once and keeps its own position
  useEffect(() => {
    standAt(start);
    const stop = new AbortController();
    const channel = new BroadcastChannel("rapport-live");
    channel.onmessage = (event) => receive(event.data as Message);
    const pass = (message: Message) => {
      receive(message);
      channel.postMessage(message);
    };
    const lead = () => (stop.signal.aborted ? Promise.resolve() : stream(pass, stop.signal));
    if (navigator.locks) {
      navigator.locks.request("rapport-live", { signal: stop.signal }, lead).catch(() => {});
    } else {
      void lead();
    }
    return () => {
      stop.abort();
      channel.close();
    };
  }, []);
}
