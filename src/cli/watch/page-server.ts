/** Shows a page on this machine, which loads itself again when there is another. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

export interface PageServer {
  /** "http://127.0.0.1:8080/" */
  readonly url: string;
  show(page: string): void;
  close(): void;
}

/** What a page that is shown has and one in a file has not. @param number of the page: from 0, one more for each that is shown */
const reload = (number: number): string =>
  `<script>new EventSource("/changes?of=${number}").onmessage = () => location.reload();</script>\n`;
const changed = "data: changed\n\n";
const waiting = `<!doctype html><html lang="en"><meta charset="utf-8"><title>alloc-gen</title><p>The first run is under way.</p></body></html>`;

/** @param port 0: any that is free. @throws Error where it is taken */
export async function servePage(port: number): Promise<PageServer> {
  const listeners = new Set<ServerResponse>();
  let number = 0;
  let page = live(waiting, number);
  const server = createServer((request, response) => {
    // A page of elsewhere may lead its own name to this machine: it gets nothing.
    if (!isOwn(request, portOf(server))) response.writeHead(403).end();
    else if (request.url?.startsWith("/changes?of=")) {
      listen(response, listeners);
      // Another was shown before this one began to listen.
      if (request.url !== `/changes?of=${number}`) response.write(changed);
    } else if (request.url === "/") {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
      response.end(page);
    } else response.writeHead(request.url === "/favicon.ico" ? 204 : 404).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${portOf(server)}/`,
    show: (shown) => {
      number += 1;
      page = live(shown, number);
      for (const response of listeners) response.write(changed);
    },
    close: () => {
      for (const response of listeners) response.end();
      server.close();
    },
  };
}

function listen(response: ServerResponse, listeners: Set<ServerResponse>): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.write(": listening\n\n");
  listeners.add(response);
  response.on("close", () => listeners.delete(response));
}

const isOwn = ({ headers }: IncomingMessage, port: number): boolean =>
  [`127.0.0.1:${port}`, `localhost:${port}`].includes(headers.host ?? "");

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** It may ask where it came from, and nobody else, whether it has changed. */
const live = (page: string, number: number): string =>
  page
    .replace("default-src 'none';", "default-src 'none'; connect-src 'self';")
    .replace(/<\/body>\s*<\/html>\s*$/, `${reload(number)}</body>\n</html>\n`);
