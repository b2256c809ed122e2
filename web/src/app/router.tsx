/** The route list: which page stands at which address. Pages are loaded when they are first needed. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { Fragment } from "react";
import { ApiProblem, api, onSignedOut } from "../api/client";
import { speak, useLanguage } from "../i18n/language";
import { PageError, PageMissing, PagePending } from "./errors";
import { bootQuery, queryClient, recordQuery } from "./query";
import { Shell } from "./shell/Shell";
import { Toasts } from "./shell/Toasts";

/** Query parameters are plain texts in every address. */
export type Search = { [name: string]: string | undefined };

/** Everything on the page is made anew when the language changes: texts are looked up while something is drawn. */
function Root() {
  return (
    <Fragment key={useLanguage()}>
      <Outlet />
      <Toasts />
    </Fragment>
  );
}

const root = createRootRoute({
  component: Root,
  notFoundComponent: PageMissing,
  errorComponent: PageError,
});

/** The code of each page inside the frame. */
const pages = new Map<string, () => Promise<unknown>>();
const frame = "signed-in";

/** Everything that needs a signed-in person, inside the frame. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: frame,
  component: Shell,
  beforeLoad: async ({ location, matches }) => {
    const boot = queryClient.ensureQueryData(bootQuery);
    // Comes along with the start data instead of after it; a failure shows when the page is drawn.
    pages
      .get(matches.at(-1)?.routeId ?? "")?.()
      .catch(() => {});
    try {
      await boot;
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) {
        const { needed } = await api.get<{ needed: boolean }>("/setup");
        throw redirect(
          needed ? { to: "/setup" } : { to: "/login", search: location.href === "/" ? {} : { next: location.href } },
        );
      }
      throw error;
    }
  },
  pendingComponent: PagePending,
  errorComponent: PageError,
});

/** Pages before log-in: in the browser's language. */
function open(path: string, load: () => Promise<Record<string, unknown>>, name: string) {
  return createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(load, name),
    beforeLoad: () => speak(null),
    validateSearch: (search: Search): Search => search,
  });
}

function inside(
  path: string,
  load: () => Promise<Record<string, unknown>>,
  name: string,
  loader?: (params: { [name: string]: string }) => void,
) {
  pages.set(`/${frame}${path}`, load);
  return createRoute({
    getParentRoute: () => signedIn,
    path,
    component: lazyRouteComponent(load, name),
    validateSearch: (search: Search): Search => search,
    ...(loader && { loader: ({ params, preload }) => (preload ? undefined : loader(params)) }),
  });
}

/** Asks for a record while the code of its page is on the way. */
function startRecord({ plural, id = "" }: { [name: string]: string }): void {
  const object = queryClient.getQueryData(bootQuery.queryKey)?.objects.find((entry) => entry.plural === plural);
  if (object) {
    void queryClient.prefetchQuery(recordQuery(object, id));
  }
}

const tree = root.addChildren([
  open("/setup", () => import("../features/auth/SetupPage"), "SetupPage"),
  open("/login", () => import("../features/auth/LoginPage"), "LoginPage"),
  open("/forgot", () => import("../features/auth/ForgotPage"), "ForgotPage"),
  open("/invite/$token", () => import("../features/auth/InvitePage"), "InvitePage"),
  signedIn.addChildren([
    inside("/", () => import("../features/home/HomePage"), "HomePage"),
    inside("/search", () => import("../features/search/SearchPage"), "SearchPage"),
    inside("/tasks", () => import("../features/tasks/TasksPage"), "TasksPage"),
    inside("/tasks/all", () => import("../features/list/ListPage"), "TaskListPage"),
    inside("/documents", () => import("../features/documents/DocumentsPage"), "DocumentsPage"),
    inside("/documents/all", () => import("../features/list/ListPage"), "DocumentListPage"),
    inside("/notifications", () => import("../features/notifications/NotificationsPage"), "NotificationsPage"),
    inside("/activity", () => import("../features/activity/ActivityPage"), "ActivityPage"),
    inside("/imports", () => import("../features/imports/ImportsPage"), "ImportsPage"),
    inside("/imports/$id", () => import("../features/imports/ImportPage"), "ImportPage"),
    inside("/duplicates", () => import("../features/duplicates/DuplicatesPage"), "DuplicatesPage"),
    inside("/duplicates/$id", () => import("../features/duplicates/MergePage"), "MergePage"),
    inside("/quality", () => import("../features/quality/QualityPage"), "QualityPage"),
    inside("/settings", () => import("../features/settings/SettingsPage"), "SettingsPage"),
    inside("/settings/$section", () => import("../features/settings/SettingsPage"), "SettingsPage"),
    inside("/settings/objects/$name", () => import("../features/settings/designer/ObjectPage"), "ObjectPage"),
    inside("/$plural", () => import("../features/list/ListPage"), "ListPage"),
    inside("/$plural/$id", () => import("../features/record/RecordPage"), "RecordPage", startRecord),
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 150,
  defaultPendingMinMs: 0,
  defaultPendingComponent: PagePending,
  defaultErrorComponent: PageError,
  scrollRestoration: true,
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(search as Search)) {
      if (value !== undefined && value !== "") {
        query.set(name, value);
      }
    }
    const text = query.toString();
    return text ? `?${text}` : "";
  },
});

let leaving = false;
onSignedOut(() => {
  if (leaving || !queryClient.getQueryData(bootQuery.queryKey)) {
    return;
  }
  leaving = true;
  // First away from the page, which needs what is forgotten then.
  void router.navigate({ to: "/login", search: { next: router.state.location.href } }).finally(() => {
    leaving = false;
    queryClient.clear();
  });
});

/** Opens an address from outside a component: commands, toasts. */
export function go(href: string): void {
  router.history.push(href);
}
