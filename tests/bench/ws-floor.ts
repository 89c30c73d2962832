import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { answerOrders } from './helper.ts';

/** The least that a push can be: a request comes in, is answered, and goes out again to every open socket. */
answerOrders<{ bytes: number }, number>(
  ({ bytes }) =>
    new Promise((resolve) => {
      const server = http.createServer((request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => {
          body += chunk.toString();
        });
        request.on('end', () => {
          response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '2' }).end('{}');
          const message = JSON.stringify({ ...(JSON.parse(body) as object), padding: 'x'.repeat(bytes) });
          for (const socket of sockets.clients) socket.send(message);
        });
      });
      const sockets = new WebSocketServer({ server, perMessageDeflate: false });
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    }),
);
