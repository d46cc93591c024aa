import { Hono } from "hono";
import type { Provider } from "../../accounts/oauth.ts";
import type { Identity } from "../../accounts/providers.ts";
import { enter, linkSignIn } from "../../accounts/sign-ins.ts";
import { local } from "../../core/paths.ts";
import type { UserRow } from "../../db/schema.ts";
import { frame } from "../answer.tsx";
import { checkInput } from "../check-input.ts";
import type { Context, WebEnv } from "../context.ts";
import { emptyForm, submitForm } from "../form.ts";
import { readForm } from "../input.ts";
import { limitLogin } from "../limit-attempts.ts";
import { deleteNote, flowNote, identityNote, readNote, setNote } from "../notes.ts";
import { toOwnPath } from "../own-path.ts";
import { Problem } from "../problem.ts";
import { startSession } from "../session.ts";
import { Layout } from "../views/layout.tsx";
import { NewcomerPage } from "../views/newcomer.tsx";
import type { FormState } from "../views/props.ts";
import { accountInput, checkCredentials, createAccount, credentialsInput } from "./auth.ts";

/** Of the address to go to afterwards, in characters. */
const maxNext = 1000;

const newcomerInput = accountInput.pick({ username: true, invite: true });

/** Signing in with an account elsewhere, and what follows where nobody here has linked it. */
export const oauthRoutes = new Hono<WebEnv>()
  .get("/auth/oauth/:provider", async (c) => {
    c.header("Cache-Control", "private, no-store");
    const provider = findProvider(c, c.req.param("provider"));
    const { code, error, state } = c.req.query();
    if (code != null || error != null || state != null) return await finish(c, provider);
    const { next, invite } = c.req.query();
    // A cookie holds 4 KiB; a longer address is not worth failing for.
    const aim = next == null || next.length > maxNext ? {} : { next: toOwnPath(next) };
    return c.redirect(await begin(c, provider, { ...aim, invite: invite?.slice(0, 100) }));
  })
  .get("/register/linked", async (c) => {
    const { invite } = await requireIdentity(c);
    return showNewcomer(c, { register: invite == null ? emptyForm : { values: { invite }, errors: [] } });
  })
  .post("/register/linked", async (c) => {
    const { identity, next } = await requireIdentity(c);
    const values = await readForm(c);
    return await submitForm(
      c,
      values,
      (register) => showNewcomer(c, { register }),
      async () => {
        const input = checkInput(newcomerInput, values);
        const user = await createAccount(c, { ...input, password: null, identity });
        return await welcome(c, user, next ?? local.actor(user.username));
      },
    );
  })
  .post("/login/linked", async (c) => {
    const { identity, next } = await requireIdentity(c);
    const values = await readForm(c);
    return await submitForm(
      c,
      values,
      (link) => showNewcomer(c, { link }),
      async () => {
        const { account, password } = values;
        const user = await checkCredentials(c, checkInput(credentialsInput, { username: account, password }));
        await link(c, user, identity);
        return await welcome(c, user, next);
      },
    );
  });

/** The provider of that name, where this server has it. */
export function findProvider(c: Context, name: string | undefined): Provider {
  const provider = c.get("web").providers.find((candidate) => candidate.name === name);
  if (provider != null) return provider;
  throw new Problem(404, "Nobody signs in here with an account there.");
}

/** Begins a sign-in at a provider, in this browser; gives the address there. */
export async function begin(
  c: Context,
  provider: Provider,
  aim: { next?: string | undefined; invite?: string | undefined; link?: number },
): Promise<string> {
  const { url, state, verifier } = provider.begin();
  await setNote(c, flowNote, { ...aim, provider: provider.name, state, verifier });
  return url;
}

/** Takes what a provider says of somebody who comes back from there. */
async function finish(c: Context, provider: Provider): Promise<Response> {
  const { code, error, state } = c.req.query();
  const flow = await readNote(c, flowNote);
  if (flow == null || flow.provider !== provider.name || flow.state !== state)
    throw new Problem(400, "This sign-in was not begun in this browser, or a while ago. Begin it again.");
  deleteNote(c, flowNote);
  if (error === "access_denied")
    throw new Problem(403, `You did not let ${provider.title} tell this server who you are.`);
  if (error != null || code == null) throw new Problem(502, `${provider.title} did not sign you in.`);
  const identity = await identify(c, provider, code, flow.verifier);
  if (flow.link == null) return await signIn(c, identity, flow);
  const user = c.get("session")?.user;
  if (user == null || user.id !== flow.link)
    throw new Problem(403, "Somebody else is signed in by now. Link the account again.");
  await link(c, user, identity);
  return c.redirect("/settings/sign-ins", 303);
}

async function identify(c: Context, provider: Provider, code: string, verifier: string): Promise<Identity> {
  await limitLogin(c);
  const result = await provider.identify(code, verifier);
  switch (result.type) {
    case "identified":
      return result.identity;
    case "refused":
      throw new Problem(400, `${provider.title} does not know this sign-in any more. Begin it again.`);
    case "unavailable":
      throw new Problem(502, `${provider.title} could not be asked who you are. Try again later.`);
  }
}

async function signIn(
  c: Context,
  identity: Identity,
  { next, invite }: { next?: string | undefined; invite?: string | undefined },
): Promise<Response> {
  const result = await enter(c.get("web").db, identity);
  switch (result.type) {
    case "signed_in":
      return await welcome(c, result.user, next);
    case "suspended":
      throw new Problem(403, "This account is suspended. Ask the administrator of this server.");
    case "unknown":
      await setNote(c, identityNote, { identity, next, invite });
      return c.redirect("/register/linked", 303);
  }
}

async function link(c: Context, user: UserRow, identity: Identity): Promise<void> {
  if ((await linkSignIn(c.get("web").db, user, identity)) !== "taken") return;
  throw new Problem(409, "That account is linked to another user of this server.");
}

async function welcome(c: Context, user: UserRow, next: string | undefined): Promise<Response> {
  deleteNote(c, identityNote);
  await startSession(c, user);
  return c.redirect(toOwnPath(next), 303);
}

async function requireIdentity(c: Context) {
  const note = await readNote(c, identityNote);
  if (note != null) return note;
  throw new Problem(400, "Sign in at the provider first: this page is about the account you have there.");
}

async function showNewcomer(c: Context, forms: { register?: FormState; link?: FormState }) {
  const { identity } = await requireIdentity(c);
  const { registration } = c.get("web");
  return await c.html(
    <Layout {...frame(c, "Almost there")}>
      <NewcomerPage
        title={findProvider(c, identity.provider).title}
        label={identity.label}
        registration={registration}
        register={forms.register ?? emptyForm}
        link={forms.link ?? emptyForm}
      />
    </Layout>,
  );
}
