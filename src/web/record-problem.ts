import type { Paths } from "../core/paths.ts";
import { truncate } from "../core/text.ts";
import type { RecordRunResult } from "../registry/record-run.ts";
import { Problem } from "./problem.ts";
import { toRegisterProblem } from "./register-problem.ts";

/** What the answer for a run that was not recorded needs to know beside the result. */
export interface RecordRefusal {
  readonly paths: Paths;
  readonly l1Servers: readonly string[];
  /** As it was asked for. */
  readonly l1Server: string;
}

/** Why a run was not recorded: 409 and 403 speak of the run, 502 and 504 of the renderer. */
export function toRecordProblem(
  { paths, l1Servers, l1Server }: RecordRefusal,
  result: Exclude<RecordRunResult, { type: "registered" }>,
): Problem {
  switch (result.type) {
    case "unknown_server": {
      const message = `must be ${l1Servers.length === 0 ? "a renderer of this server, which has none" : `one of ${l1Servers.join(", ")}`}`;
      return new Problem(422, `The input can't be taken: l1_server ${message}.`, {
        errors: [{ field: "l1_server", message }],
      });
    }
    case "recorded_already":
      return new Problem(409, `You have recorded that run already, as ${paths.asset(result.name)}.`, {
        errors: [{ field: "run_id", message: `is recorded as your asset ${result.name}` }],
      });
    case "not_completed":
      return new Problem(409, describeStatus(result.status, result.error));
    case "not_owner":
      return new Problem(
        403,
        `That run is somebody else's, says ${l1Server}. Only your own can be recorded.`,
      );
    case "not_permitted":
      return new Problem(401, "Your session, or the renderer's token, has ended while the run was read.");
    case "unknown_run":
      return new Problem(404, `${l1Server} has no run of that id.`, {
        errors: [{ field: "run_id", message: `is unknown to ${l1Server}` }],
      });
    case "not_shown":
      return new Problem(
        403,
        `${l1Server} does not show that run to you (HTTP status ${result.status}). Attach it among your renderers first.`,
      );
    case "unavailable":
      return result.timeout
        ? new Problem(504, `${l1Server} did not answer in time. Try again later.`)
        : new Problem(502, `${l1Server} ${result.reason}.`);
    case "unusable":
      return new Problem(502, `${l1Server} ${result.reason}.`);
    case "busy":
      return new Problem(503, "As many files as can be are being checked. Try again in a minute.", {
        headers: { "Retry-After": "60" },
      });
    case "not_checkable": {
      const message = "must be false: what came of that run is named by a CID, and only SHA3-256 is checked";
      return new Problem(422, `The input can't be taken: verify_bytes ${message}.`, {
        errors: [{ field: "verify_bytes", message }],
      });
    }
    case "false_hash":
      return new Problem(
        502,
        `${l1Server} serves another file than its run names: SHA3-256 ${result.found} instead of ${result.stated}.`,
      );
    default:
      return toRegisterProblem(paths, result, "output_name");
  }
}

/** The words are the renderer's: they are shown, in part, and as text. */
function describeStatus(status: string, error: string | undefined): string {
  const shown = show(status, 40);
  const why = error == null ? "" : ` It says: ${show(error, 300)}`;
  return `That run is not completed: its status is ${JSON.stringify(shown)}. Only completed runs are recorded.${why}`;
}

function show(text: string, limit: number): string {
  return truncate(
    text
      .toWellFormed()
      .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ")
      .trim(),
    limit,
  );
}
