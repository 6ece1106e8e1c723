import { request } from "node:http";
import { afterEach, expect, it } from "vitest";
import { servePage, type PageServer } from "./page-server.js";

let server: PageServer | undefined;
afterEach(() => server?.close());

const page = (text: string): string =>
  `<!doctype html><meta content="default-src 'none'; img-src data:"><body>${text}</body>\n</html>\n`;

it("shows the page, which may ask whether it has changed", async () => {
  server = await servePage(0);
  expect(await (await fetch(server.url)).text()).toContain("The first run is under way.");
  server.show(page("one $& two"));
  const text = await (await fetch(server.url)).text();
  expect(text).toContain("<body>one $& two<script>new EventSource");
  expect(text).toContain("default-src 'none'; connect-src 'self'; img-src data:");
  expect((await fetch(`${server.url}else`)).status).toBe(404);
});

it("tells those who have it that there is another", async () => {
  server = await servePage(0);
  const { body } = await fetch(`${server.url}changes?of=0`);
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  const read = async () => ((await reader?.read()) as { readonly value?: string } | undefined)?.value;
  expect(await read()).toBe(": listening\n\n");
  server.show(page("two"));
  expect(await read()).toBe("data: changed\n\n");
  await reader?.cancel();
});

it("tells those who ask late too", async () => {
  server = await servePage(0);
  server.show(page("one"));
  expect(await (await fetch(server.url)).text()).toContain('"/changes?of=1"');
  const { body } = await fetch(`${server.url}changes?of=0`);
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let read = "";
  while (!read.includes("data: changed"))
    read += ((await reader?.read()) as { readonly value?: string } | undefined)?.value ?? "";
  await reader?.cancel();
});

it("gives nothing to a page that calls this machine by another name", async () => {
  server = await servePage(0);
  const { port } = new URL(server.url);
  const status = await new Promise((resolve, reject) => {
    const headers = { host: `elsewhere.example:${port}` };
    request({ host: "127.0.0.1", port, path: "/", headers }, ({ statusCode }) => resolve(statusCode))
      .on("error", reject)
      .end();
  });
  expect(status).toBe(403);
});
