import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import compression from 'compression';
import express, { type Express } from 'express';
import { API_PREFIX } from '../../contract/http.ts';

/** `assets`: the folder of the page's own files. */
export type Docs = Readonly<{ document: () => unknown; assets: string }>;

/** The document of the API, and a page on which it is read and tried. */
export function serveDocs(app: Express, docs: Docs | null): void {
  if (!docs) return;
  app.get(`${API_PREFIX}/openapi.json`, (_request, response) => void response.json(docs.document()));
  app.get('/api/docs', (request, response) => {
    // The page's own files are beside it only when its address ends in a slash.
    if (request.path.endsWith('/')) response.type('html').send(DOCS_PAGE);
    else response.redirect('/api/docs/');
  });
  app.get('/api/docs/start.js', (_request, response) => void response.type('js').send(DOCS_START));
  app.use('/api/docs', express.static(docs.assets, { index: false }));
}

const DOCS_PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Medlane API</title>
<link rel="stylesheet" href="swagger-ui.css"></head><body><div id="docs"></div>
<script src="swagger-ui-bundle.js"></script><script src="start.js"></script></body></html>`;
const DOCS_START = `SwaggerUIBundle({ url: '${API_PREFIX}/openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null });`;

/** The built screens; without them a word on how to build them. */
export function serveScreens(app: Express, screens: URL | null): void {
  if (!screens) return;
  const folder = fileURLToPath(screens);
  if (!existsSync(path.join(folder, 'index.html'))) {
    app.get(
      '/',
      (_request, response) =>
        void response.type('text').send('Medlane is running. Its screens are not built: run npm run build.'),
    );
    return;
  }
  app.use(compression());
  app.use('/assets', express.static(path.join(folder, 'assets'), { immutable: true, maxAge: '1y' }));
  app.use(express.static(folder, { cacheControl: false, etag: true }));
}
