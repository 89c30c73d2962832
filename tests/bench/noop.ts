import type { AddressInfo } from 'node:net';
import express from 'express';
import { answerOrders } from './helper.ts';

/** What Express costs when nothing is done: reads a small JSON body and answers one. */
answerOrders<'listen', number>(
  () =>
    new Promise((resolve) => {
      const app = express();
      app.disable('x-powered-by');
      app.set('etag', false);
      app.post(
        '/noop',
        express.json(),
        (_request, response) => void response.status(201).json({ status: 'success', data: { ok: true } }),
      );
      const server = app.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    }),
);
