import type { TestServer } from "./server.ts";

/** Somebody with a browser: it keeps cookies, says where forms come from, and asks for pages. */
export interface Visitor {
  readonly cookies: Map<string, string>;
  /** Opens an address of the server, or of elsewhere, without following what it leads to. */
  open(url: string): Promise<Response>;
  /** Sends a form of a page of the server. */
  submit(path: string, fields: Record<string, string>): Promise<Response>;
  /** Follows redirects to the end, and gives the path where it is and the page. */
  follow(response: Response): Promise<{ status: number; path: string; text: string }>;
}

export function createVisitor(server: TestServer): Visitor {
  const cookies = new Map<string, string>();
  async function send(url: URL, init: RequestInit, headers: Record<string, string> = {}): Promise<Response> {
    const own = url.origin === new URL(server.origin).origin;
    const cookie = own ? [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") : "";
    const response = await fetch(url, {
      ...init,
      redirect: "manual",
      headers: { Accept: "text/html,*/*;q=0.8", ...(cookie === "" ? {} : { Cookie: cookie }), ...headers },
    });
    if (own) response.headers.getSetCookie().forEach((line) => keep(cookies, line));
    at.set(response, url);
    return response;
  }
  const at = new WeakMap<Response, URL>();
  const visitor: Visitor = {
    cookies,
    open: (url) => send(new URL(url, server.origin), {}),
    submit: (path, fields) =>
      send(
        new URL(path, server.origin),
        { method: "POST", body: new URLSearchParams(fields) },
        { Origin: server.origin, "Sec-Fetch-Site": "same-origin" },
      ),
    async follow(response) {
      let last = response;
      for (let left = 10; left > 0; left--) {
        const target = last.headers.get("location") ?? last.headers.get("refresh")?.replace("0;url=", "");
        if (target == null) break;
        last = await visitor.open(new URL(target, at.get(last)).href);
      }
      const url = at.get(last);
      return {
        status: last.status,
        path: `${url?.pathname ?? ""}${url?.search ?? ""}`,
        text: await last.text(),
      };
    },
  };
  return visitor;
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = "", ...attributes] = line.split(/; */);
  const [name = "", value = ""] = pair.split("=");
  if (attributes.some((attribute) => attribute.toLowerCase() === "max-age=0")) cookies.delete(name);
  else cookies.set(name, value);
}
