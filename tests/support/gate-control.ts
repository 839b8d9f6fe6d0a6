import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A page with every fault that the gate looks for, or with none: the gate must tell the two apart. */
const faulty = `<!doctype html>
<html lang="de"><head><title>Fehler</title><meta name="viewport" content="width=device-width">
<style>a:focus, button:focus { outline: none }</style></head>
<body><main><h1>Fehler</h1>
<p style="color: #999">Zu blass</p>
<img src="/bild.png">
<p id="doppelt">Eins</p><div id="doppelt"><p>Zwei</div>
<form action="/weg" method="post"><input name="feld"></form>
<button type="button" tabindex="2" onclick="alert(1)">Zuerst</button>
<a href="/hier">Dann</a>
<script>document.title = 'lief doch'; undefined.fehlt</script>
<script src="/fehlt.js"></script>
</main></body></html>`;

const sheet = `p { color: #bbb; background: #fff }
a, button { font-size: 8px; padding: 0; border: 0; display: inline-block; line-height: 8px }
a:focus, button:focus { outline: none !important }
main { width: 900px }`;

const flawless = `<!DOCTYPE html>
<html lang="de"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Gut</title>
<link rel="stylesheet" href="/gut.css"></head>
<body><main><h1>Gut</h1><form action="/weg" method="post"><label for="feld">Feld</label>
<input id="feld" name="feld" type="text"><button type="submit">Absenden und weitergehen</button></form></main></body></html>`;

export interface Control {
  readonly faulty: string;
  readonly flawless: string;
  close(): void;
}

/** Serves both pages on a free port. */
export const startControl = async (): Promise<Control> => {
  const server: Server = createServer((request, response) => {
    const csp = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'";
    response.setHeader('content-security-policy', csp);
    if (request.url === '/blatt.css') response.setHeader('content-type', 'text/css').end(sheet);
    else if (request.url === '/gut.css')
      response.setHeader('content-type', 'text/css').end('input, button { min-height: 24px }');
    else if (request.url === '/fehlerhaft')
      response
        .setHeader('content-type', 'text/html; charset=utf-8')
        .end(faulty.replace('</head>', '<link rel="stylesheet" href="/blatt.css"></head>'));
    else if (request.url === '/gut') response.setHeader('content-type', 'text/html; charset=utf-8').end(flawless);
    else if (request.url === '/gross') response.setHeader('content-type', 'text/plain').end('x'.repeat(130_000));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    faulty: `${origin}/fehlerhaft`,
    flawless: `${origin}/gut`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
