import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './ui/fonts.css';
import './ui/ui.css';
import { DirectionProvider, MantineProvider } from '@mantine/core';
import { notifyManager, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { ApiError } from '../contract/kit.ts';
import { createConnection, isAway } from './api.ts';
import { createAuditExport } from './audit-export.ts';
import { pause } from './clock.ts';
import { dropDrafts } from './drafts.ts';
import { startI18n } from './i18n.ts';
import { createLive } from './live.ts';
import { createLock } from './lock.ts';
import { openDeskPrinting } from './printing/desk-printing.ts';
import { browserPrinter, desktopPrinter } from './printing/printer.ts';
import { createPrinting } from './printing/printing.ts';
import { setupState } from './queries.ts';
import { createRoutes } from './router.tsx';
import { createSending, ServicesProvider } from './services.ts';
import { cssVariables, theme } from './theme.ts';
import { ErrorBoundary } from './ui/ErrorBoundary.tsx';

// What a query learned is drawn together with what else changed at that moment, not once more a moment later.
notifyManager.setScheduler(queueMicrotask);

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // Changes are announced; asking again on every focus would make lists jump.
      refetchOnWindowFocus: false,
      staleTime: 30_000,
      retry: (count, error) => !(error instanceof ApiError) || (isAway(error) && count < 5),
      retryDelay: (count) => Math.min(500 * 2 ** count, 5000),
      networkMode: 'always',
    },
  },
});
const connection = createConnection(window);
const lock = createLock(window, localStorage);
const live = createLive(connection, client, sessionStorage);
const deskPrinting = openDeskPrinting(localStorage);
const printing = createPrinting({
  deliver: connection.desk ? desktopPrinter(connection.desk, deskPrinting) : browserPrinter(window),
  pause,
  // A server that is away and a printer that is off may both be back in a moment; a refusal stays one.
  isPassing: (error) => !(error instanceof ApiError) || error.code === 'unavailable' || error.code === 'not_printed',
});
const auditExport = createAuditExport(connection.api);
const services = { connection, live, lock, sending: createSending(), printing, deskPrinting, auditExport };
const router = createRoutes();

// Another person sees nothing of what this one saw.
connection.session.subscribe(() => {
  const session = connection.session.get();
  if (session.status !== 'out') return;
  live.stop();
  lock.open();
  printing.clear();
  auditExport.stop();
  // Whose sign-in was ended from elsewhere goes on with what they typed; whoever signs out has done with it.
  if (!session.ended) dropDrafts(sessionStorage);
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'setup' });
});

// Asked for while the texts are on their way.
void client.prefetchQuery(setupState(connection.api));
const i18n = await startI18n();

// It knows whether anybody is at the computer, also where they use another program; a browser's page knows of itself.
connection.bridge?.on('lock', lock.lock);

// The desktop's menus and questions speak the language of its pages.
const tellDesktop = (language: string) => void connection.bridge?.call('desktop.language', { language }, {});
i18n.on('languageChanged', tellDesktop);
tellDesktop(i18n.language);

createRoot(document.getElementById('root') as HTMLElement).render(
  <DirectionProvider>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <ErrorBoundary>
        <QueryClientProvider client={client}>
          <ServicesProvider value={services}>
            <RouterProvider router={router} />
          </ServicesProvider>
        </QueryClientProvider>
      </ErrorBoundary>
    </MantineProvider>
  </DirectionProvider>,
);
