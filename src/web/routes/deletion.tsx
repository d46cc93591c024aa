import { Hono } from "hono";
import { z } from "zod";
import { local } from "../../core/paths.ts";
import { deleteAccount } from "../../registry/delete-account.ts";
import { frame, wantsPage } from "../answer.tsx";
import { checkInput } from "../check-input.ts";
import type { Context, WebEnv } from "../context.ts";
import { emptyForm, submitForm } from "../form.ts";
import { readForm, readInput } from "../input.ts";
import { limitLogin } from "../limit-attempts.ts";
import { Problem } from "../problem.ts";
import { deleteSessionCookie, requireSession } from "../session.ts";
import { AccountDeletedPage, DeleteAccountPage } from "../views/delete-account.tsx";
import { Layout } from "../views/layout.tsx";
import type { FormState } from "../views/props.ts";

const path = "/settings/delete";

const deletionInput = z.object({
  username: z.string().max(200),
  /** Missing where the user has none. */
  password: z.string().max(4096).nullish(),
});

/** The end of an account, by its user. */
export const deletionRoutes = new Hono<WebEnv>()
  .delete("/users/:username", async (c) => {
    const { user } = requireSession(c);
    const username = c.req.param("username");
    if (user.username !== username) throw new Problem(403, "You can delete your own account only.");
    // Whoever has no password has to name himself, so that nobody is deleted by an empty request.
    const input = await readInput(c, deletionInput.partial({ username: true }));
    await remove(c, { ...input, username: input.username ?? (user.password_hash == null ? "" : username) });
    return c.json({ username, state: "deleting" }, 202);
  })
  .get(path, async (c) => {
    if (c.get("session") == null && wantsPage(c)) return c.redirect(local.signIn(path), 303);
    return await showDeletion(c, emptyForm);
  })
  .post(path, async (c) => {
    const { user } = requireSession(c);
    const values = await readForm(c);
    const show = (form: FormState) => showDeletion(c, form);
    return await submitForm(c, values, show, async () => {
      await remove(c, checkInput(deletionInput, values));
      deleteSessionCookie(c);
      c.set("session", undefined);
      if (!wantsPage(c)) return c.json({ username: user.username, state: "deleting" }, 202);
      return await c.html(
        <Layout {...frame(c, "Your account is deleted")}>
          <AccountDeletedPage username={user.username} />
        </Layout>,
      );
    });
  });

/** Counts as a sign-in: whoever has found a session must not find out the password as well. */
async function remove(c: Context, input: z.output<typeof deletionInput>): Promise<void> {
  const { user } = requireSession(c);
  await limitLogin(c, user.username);
  const { registry, passwords } = c.get("web");
  const word = { username: input.username, password: input.password ?? "" };
  switch (await deleteAccount({ ...registry, passwords }, user, word)) {
    case "deleted":
      return;
    case "administrator":
      throw new Problem(
        409,
        "You administer this server, which needs your account. Nothing was deleted. To end it, stop the server.",
      );
    case "wrong_username":
      throw new Problem(403, `Type your username, ${user.username}, as it is. Nothing was deleted.`, {
        errors: [{ field: "username", message: `is not yours, which is ${user.username}` }],
      });
    case "wrong_password":
      throw new Problem(403, "The password is wrong. Nothing was deleted.", {
        errors: [{ field: "password", message: "is wrong" }],
      });
  }
}

async function showDeletion(c: Context, form: FormState): Promise<Response> {
  const { user } = requireSession(c);
  const { username, admin } = user;
  const password = user.password_hash != null;
  if (!wantsPage(c)) return c.json({ username, password, possible: !admin });
  return await c.html(
    <Layout {...frame(c, "Delete your account")}>
      <DeleteAccountPage username={username} password={password} possible={!admin} form={form} />
    </Layout>,
  );
}
