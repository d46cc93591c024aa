import type { Paths } from "../core/paths.ts";
import type { RegisterAssetResult } from "../registry/register-asset.ts";
import { Problem } from "./problem.ts";

/** Why a work was not registered; `nameField` is what the input calls the name. */
export function toRegisterProblem(
  paths: Paths,
  result: Exclude<RegisterAssetResult, { type: "registered" }>,
  nameField = "name",
): Problem {
  switch (result.type) {
    case "name_burnt":
      return new Problem(409, "An asset of that name was withdrawn. Its name is never given again.", {
        errors: [{ field: nameField, message: "was withdrawn" }],
      });
    case "name_taken":
      return new Problem(409, "An asset of that name exists already.", {
        errors: [{ field: nameField, message: "is taken" }],
      });
    case "hash_claimed":
      return new Problem(409, `You have claimed that hash already, as ${paths.asset(result.name)}.`, {
        errors: [{ field: "content_hash", message: `is claimed by your asset ${result.name}` }],
      });
  }
}
