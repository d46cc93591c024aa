import { wantsPage } from "./answer.tsx";
import type { Context } from "./context.ts";
import { Problem } from "./problem.ts";
import type { FormState } from "./views/props.ts";

/** A form that nobody has filled in yet. */
export const emptyForm: FormState = { values: {}, errors: [] };

/**
 * Does what a form is for. Where something is wrong, a browser is shown it again with what was typed, never the
 * password, and what it is; a program gets the problem.
 */
export async function submitForm(
  c: Context,
  values: Readonly<Record<string, string>>,
  show: (form: FormState) => Response | Promise<Response>,
  work: () => Promise<Response>,
): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Problem) || !wantsPage(c)) throw error;
    const { status, detail, errors } = error.details;
    c.status(status as 422);
    for (const [name, value] of Object.entries(error.headers)) c.header(name, value);
    const { password: _never, ...shown } = values;
    // What is wrong with no field in particular stands above all of them.
    return await show({ values: shown, errors: errors ?? [{ field: "", message: detail }] });
  }
}
