import type { ProblemDetails } from "../core/problem.ts";
import { Problem } from "./problem.ts";

/** What a program sees while it waits: lines of progress, and as the last one what a plain answer would have been. */
export type RecordLine =
  | { readonly type: "progress"; readonly bytes: number; readonly total: number | null }
  | ({ readonly type: "recorded"; readonly status: 201 } & object)
  | { readonly type: "problem"; readonly problem: ProblemDetails };

export const lineType = "application/x-ndjson";

/** How long nothing more is said of the progress, in milliseconds. */
const pause = 250;

/** Whether the client has asked for progress, by naming the type of the lines. */
export function wantsLines(accept: string | undefined): boolean {
  return /(?:^|[,\s])application\/x-ndjson\b/i.test(accept ?? "");
}

type Report = (bytes: number, total: number | undefined) => void;

/**
 * Answers with lines of JSON while `work` runs. When the client goes away, `signal` aborts. What `work` throws and is no
 * {@link Problem} breaks the answer off, and goes to `onFailure`.
 */
export function answerInLines(
  work: (report: Report, signal: AbortSignal) => Promise<object>,
  onFailure: (error: unknown) => Problem,
): Response {
  const gone = new AbortController();
  const encoder = new TextEncoder();
  let last = 0;
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const write = (line: RecordLine) => {
        if (!gone.signal.aborted) controller.enqueue(encoder.encode(`${JSON.stringify(line)}\n`));
      };
      const report: Report = (bytes, total) => {
        if (Date.now() - last < pause && bytes !== total) return;
        last = Date.now();
        write({ type: "progress", bytes, total: total ?? null });
      };
      try {
        write({ type: "recorded", status: 201, ...(await work(report, gone.signal)) });
      } catch (error) {
        if (gone.signal.aborted) return;
        const { details } = error instanceof Problem ? error : onFailure(error);
        write({ type: "problem", problem: details });
      }
      if (!gone.signal.aborted) controller.close();
    },
    cancel: () => gone.abort(new Error("the client has gone away")),
  });
  return new Response(body, { headers: { "Content-Type": lineType, "Cache-Control": "private, no-store" } });
}
