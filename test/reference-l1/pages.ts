import type { Run } from "./samples.ts";

const style = `
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem }
  table { border-collapse: collapse; width: 100% }
  th, td { text-align: left; padding: 0.4rem 0.8rem 0.4rem 0; border-bottom: 1px solid #ccc; vertical-align: top }
  code { user-select: all; word-break: break-all }
  img { max-width: 9rem; display: block }`;

/** What is shown to whoever is signed in, or to nobody in particular. */
export function homePage(view: { username: string | undefined; l2Origin: string; runs: Run[] }): string {
  const { username, l2Origin, runs } = view;
  const visitor =
    username == null
      ? `<p>Nobody is signed in. Attach this renderer at <a href="${escape(l2Origin)}/renderers">${escape(l2Origin)}/renderers</a>.</p>`
      : `<form method="post" action="/auth/logout"><p>Signed in as <strong>${escape(username)}</strong>.
           <button>Sign out</button></p></form>
         <h2>Your runs</h2>
         <table><thead><tr><th>Output</th><th>Run</th><th>Status</th></tr></thead>
         <tbody>${runs.map(runRow).join("")}</tbody></table>
         <p>Back to <a href="${escape(l2Origin)}/renderers">${escape(l2Origin)}/renderers</a></p>`;
  return page("Reference renderer", `<h1>Reference renderer</h1>${visitor}`);
}

/** A page that says one thing. */
export function messagePage(message: string, l2Origin: string): string {
  const link = `<p><a href="${escape(l2Origin)}/renderers">${escape(l2Origin)}/renderers</a></p>`;
  return page(message, `<h1>${escape(message)}</h1>${link}`);
}

function runRow({ id, status, outputHash, outputName, error }: Run): string {
  const output =
    outputHash == null
      ? escape(outputName)
      : `<a href="/cache/${outputHash}">${escape(outputName)}<img src="/cache/${outputHash}" alt=""></a>`;
  const reason = error == null ? "" : `<br>${escape(error)}`;
  return `<tr><td>${output}</td><td><a href="/runs/${id}">JSON</a><br><code>${id}</code></td>
    <td>${status}${reason}</td></tr>`;
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escape(title)}</title>
    <meta name="viewport" content="width=device-width"><style>${style}</style><main>${body}</main></html>`;
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
