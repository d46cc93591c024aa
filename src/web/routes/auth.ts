import { Hono } from "hono";
import { z } from "zod";
import type { Identity } from "../../accounts/providers.ts";
import { registerUser } from "../../accounts/register.ts";
import { passwordBytes } from "../../accounts/password.ts";
import { signIn } from "../../accounts/sign-in.ts";
import { endSession, type IssuedToken } from "../../accounts/tokens.ts";
import { findUsernameProblem, foldUsername } from "../../core/username.ts";
import type { UserRow } from "../../db/schema.ts";
import { wantsPage } from "../answer.tsx";
import { invalidInput } from "../check-input.ts";
import type { Context, WebEnv } from "../context.ts";
import { readInput } from "../input.ts";
import { limitLogin, limitRegistration } from "../limit-attempts.ts";
import { Problem } from "../problem.ts";
import { deleteSessionCookie, issueSession, requireSession } from "../session.ts";

const username = z.string().transform((value, context) => {
  const folded = foldUsername(value);
  const problem = findUsernameProblem(folded);
  if (problem == null) return folded;
  context.addIssue({ code: "custom", message: problem });
  return z.NEVER;
});

const password = z
  .string()
  .refine(
    (value) => Buffer.byteLength(value) >= passwordBytes.min && Buffer.byteLength(value) <= passwordBytes.max,
    `must have ${passwordBytes.min} to ${passwordBytes.max.toLocaleString("en")} bytes`,
  )
  .refine((value) => value.isWellFormed() && !value.includes("\0"), "must be well-formed text without NUL");

/** A blank one was left out. */
const email = z
  .string()
  .max(254)
  .refine((value) => value === "" || z.email().safeParse(value).success, "must be an email address")
  .nullish();

/** What `POST /auth/register` takes. */
export const accountInput = z.object({
  username,
  password,
  email,
  /** Where the server takes invited people only. */
  invite: z.string().max(100).nullish(),
});

/** What `POST /auth/login` takes. Nobody has a name or password longer than this. */
export const credentialsInput = z.object({ username: z.string().max(200), password: z.string().max(4096) });

/** Accounts and tokens, for programs. */
export const authRoutes = new Hono<WebEnv>()
  .post("/auth/register", async (c) => {
    const user = await createAccount(c, await readInput(c, accountInput, { form: true }));
    return c.json(toTokenJson(c, user, await issueSession(c, user)), 201);
  })
  .post("/auth/login", async (c) => {
    const user = await checkCredentials(c, await readInput(c, credentialsInput, { form: true }));
    return c.json(toTokenJson(c, user, await issueSession(c, user)));
  })
  .get("/auth/me", (c) => {
    const { user } = requireSession(c);
    return c.json({
      username: user.username,
      actor: c.get("web").paths.actor(user.username),
      email: user.email,
      created_at: user.created.toISOString(),
      scopes: ["account"],
    });
  })
  .post("/auth/logout", async (c) => {
    // A page may still show the button when the session has ended elsewhere.
    const session = wantsPage(c) ? c.get("session") : requireSession(c);
    if (session != null) await endSession(c.get("web"), session);
    deleteSessionCookie(c);
    return wantsPage(c) ? c.redirect("/", 303) : c.body(null, 204);
  });

/** What an account is made of; whoever signs in elsewhere has no password. */
export interface AccountInput extends Omit<z.output<typeof accountInput>, "password"> {
  readonly password: string | null;
  readonly identity?: Identity;
}

/** Makes an account where this server takes new ones. */
export async function createAccount(c: Context, input: AccountInput): Promise<UserRow> {
  const web = c.get("web");
  const { username, password, email, invite, identity } = input;
  if (web.registration === "closed") throw new Problem(403, "This server takes no new accounts.");
  await limitRegistration(c);
  const terms = web.registration === "invite" ? { invite: invite ?? "" } : {};
  const result = await registerUser(web, { username, password, email: email || undefined, identity }, terms);
  switch (result.type) {
    case "registered":
      return result.user;
    case "username_taken":
      throw new Problem(409, `The username ${input.username} is taken.`, {
        errors: [{ field: "username", message: "is taken" }],
      });
    case "invite_invalid":
      throw new Problem(
        403,
        "This server takes invited people only, and the invitation is missing or was used.",
        {
          errors: [{ field: "invite", message: "is unknown, used or expired" }],
        },
      );
    case "identity_taken":
      throw new Problem(409, "That account is linked to a user here already. Sign in with it.");
    case "username_inherited":
      throw invalidInput([
        { field: "username", message: "has keys here from before; ask the administrator for it" },
      ]);
  }
}

/** The user whose credentials these are; one and the same problem for an unknown user and a wrong password. */
export async function checkCredentials(
  c: Context,
  input: z.output<typeof credentialsInput>,
): Promise<UserRow> {
  await limitLogin(c, input.username);
  const result = await signIn(c.get("web"), input);
  switch (result.type) {
    case "signed_in":
      return result.user;
    case "suspended":
      throw new Problem(403, "This account is suspended. Ask the administrator of this server.");
    case "wrong_credentials":
      throw new Problem(401, "The username or the password is wrong.");
  }
}

function toTokenJson(c: Context, user: UserRow, { token, expires }: IssuedToken) {
  return {
    access_token: token,
    token_type: "bearer",
    expires_at: expires.toISOString(),
    username: user.username,
    actor: c.get("web").paths.actor(user.username),
  };
}
