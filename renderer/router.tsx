import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router';
import { Gate, Home } from './shell/Gate.tsx';
import { Broken } from './ui/ErrorBoundary.tsx';

const root = createRootRoute({ component: Gate });
const home = createRoute({ getParentRoute: () => root, path: '/', component: Home });
const board = createRoute({
  getParentRoute: () => root,
  path: '/board/$boardId',
  component: lazyRouteComponent(() => import('./board/BoardPage.tsx'), 'BoardPage'),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: lazyRouteComponent(() => import('./shell/Shell.tsx'), 'Shell'),
});
const reception = createRoute({
  getParentRoute: () => shell,
  path: '/reception',
  component: lazyRouteComponent(() => import('./reception/Reception.tsx'), 'Reception'),
});
const doctor = createRoute({
  getParentRoute: () => shell,
  path: '/doctor',
  component: lazyRouteComponent(() => import('./doctor/Doctor.tsx'), 'Doctor'),
});
const opened = createRoute({
  getParentRoute: () => shell,
  path: '/open/$kind/$what',
  component: lazyRouteComponent(() => import('./shell/OpenLink.tsx'), 'OpenLink'),
});
const boardChoice = createRoute({
  getParentRoute: () => shell,
  path: '/boards',
  component: lazyRouteComponent(() => import('./board/BoardChoice.tsx'), 'BoardChoice'),
});
const sheet = createRoute({
  getParentRoute: () => shell,
  path: '/sheet',
  component: lazyRouteComponent(() => import('./sheet/Sheet.tsx'), 'Sheet'),
});
const desk = createRoute({
  getParentRoute: () => shell,
  path: '/desk',
  component: lazyRouteComponent(() => import('./desk/Desk.tsx'), 'Desk'),
});
const account = createRoute({
  getParentRoute: () => shell,
  path: '/account',
  component: lazyRouteComponent(() => import('./account/Account.tsx'), 'Account'),
});

const admin = createRoute({
  getParentRoute: () => shell,
  path: '/admin',
  component: lazyRouteComponent(() => import('./admin/Admin.tsx'), 'Admin'),
});
const adminPage = (path: string, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => admin, path, component });
const adminPages = [
  adminPage(
    '/',
    lazyRouteComponent(() => import('./admin/Now.tsx'), 'Now'),
  ),
  adminPage(
    '/patients',
    lazyRouteComponent(() => import('./admin/Patients.tsx'), 'Patients'),
  ),
  adminPage(
    '/import',
    lazyRouteComponent(() => import('./admin/Import.tsx'), 'Import'),
  ),
  adminPage(
    '/queues',
    lazyRouteComponent(() => import('./admin/Queues.tsx'), 'Queues'),
  ),
  adminPage(
    '/users',
    lazyRouteComponent(() => import('./admin/Users.tsx'), 'Users'),
  ),
  adminPage(
    '/rights',
    lazyRouteComponent(() => import('./admin/Rights.tsx'), 'Rights'),
  ),
  adminPage(
    '/branches',
    lazyRouteComponent(() => import('./admin/Branches.tsx'), 'Branches'),
  ),
  adminPage(
    '/pharmacies',
    lazyRouteComponent(() => import('./admin/Pharmacies.tsx'), 'Pharmacies'),
  ),
  adminPage(
    '/verification',
    lazyRouteComponent(() => import('./admin/Verification.tsx'), 'Verification'),
  ),
  adminPage(
    '/security',
    lazyRouteComponent(() => import('./admin/Security.tsx'), 'Security'),
  ),
  adminPage(
    '/devices',
    lazyRouteComponent(() => import('./admin/Devices.tsx'), 'Devices'),
  ),
  adminPage(
    '/audit',
    lazyRouteComponent(() => import('./admin/Audit.tsx'), 'Audit'),
  ),
  adminPage(
    '/boards',
    lazyRouteComponent(() => import('./admin/Boards.tsx'), 'Boards'),
  ),
  adminPage(
    '/settings',
    lazyRouteComponent(() => import('./admin/Settings.tsx'), 'Settings'),
  ),
];

const tree = root.addChildren([
  home,
  board,
  shell.addChildren([reception, doctor, opened, boardChoice, sheet, desk, account, admin.addChildren(adminPages)]),
]);

/** Hash history: the same addresses in a browser, in the desktop's `app://`, and from a file. */
export const createRoutes = () =>
  createRouter({
    routeTree: tree,
    history: createHashHistory(),
    defaultErrorComponent: ({ reset }) => <Broken again={reset} />,
    defaultNotFoundComponent: Home,
    defaultPendingComponent: Outlet,
    defaultPreload: 'intent',
  });
