import { Hono } from "hono";
import { z } from "zod";
import { changePassword } from "../../accounts/change-password.ts";
import { local } from "../../core/paths.ts";
import { frame, wantsPage } from "../answer.tsx";
import { checkInput } from "../check-input.ts";
import type { Context, WebEnv } from "../context.ts";
import { emptyForm, submitForm } from "../form.ts";
import { readForm, readInput } from "../input.ts";
import { limitLogin } from "../limit-attempts.ts";
import { Problem } from "../problem.ts";
import { requireSession } from "../session.ts";
import { Layout } from "../views/layout.tsx";
import { PasswordChangedPage, PasswordPage } from "../views/password.tsx";
import type { FormState } from "../views/props.ts";
import { accountInput } from "./auth.ts";

const path = "/settings/password";

const passwordInput = z.object({
  /** Missing where the user has none yet. */
  current_password: z.string().max(4096).nullish(),
  new_password: accountInput.shape.password,
});

/** A user's password. */
export const passwordRoutes = new Hono<WebEnv>()
  .get(path, (c) => {
    if (c.get("session") == null && wantsPage(c)) return c.redirect(local.signIn(path), 303);
    if (wantsPage(c)) return showPassword(c, emptyForm);
    return c.json({ password: requireSession(c).user.password_hash != null });
  })
  .post(path, async (c) => {
    requireSession(c);
    const values = await readForm(c);
    const show = (form: FormState) => showPassword(c, form);
    return await submitForm(c, values, show, async () => {
      await change(c, checkInput(passwordInput, values));
      if (!wantsPage(c)) return c.body(null, 204);
      return await c.html(
        <Layout {...frame(c, "Your password")}>
          <PasswordChangedPage />
        </Layout>,
      );
    });
  })
  .post("/auth/password", async (c) => {
    requireSession(c);
    await change(c, await readInput(c, passwordInput));
    return c.body(null, 204);
  });

/** Counts as a sign-in: whoever has found a session must not find out the password as well. */
async function change(c: Context, input: z.output<typeof passwordInput>): Promise<void> {
  const session = requireSession(c);
  await limitLogin(c, session.user.username);
  const { current_password: current, new_password: next } = input;
  const result = await changePassword(c.get("web"), session, { current: current ?? "", next });
  if (result === "changed") return;
  throw new Problem(403, "The current password is wrong. The password was not changed.", {
    errors: [{ field: "current_password", message: "is wrong" }],
  });
}

function showPassword(c: Context, form: FormState) {
  const { user } = requireSession(c);
  return c.html(
    <Layout {...frame(c, "Your password")}>
      <PasswordPage username={user.username} known={user.password_hash != null} form={form} />
    </Layout>,
  );
}
