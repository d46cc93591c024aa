import type { InboxContext } from "@fedify/fedify";
import type { Flag } from "@fedify/vocab";
import { truncate } from "../../core/text.ts";
import { receiveReport } from "../../registry/receive-report.ts";
import type { FederationContext } from "../context.ts";
import { readReceived } from "./activity.ts";

const maxContent = 5000;
const maxObjects = 100;

/** Another server reports somebody or something here. What it reports of others is not this server's business. */
export async function onFlagged({ data }: InboxContext<FederationContext>, flag: Flag): Promise<void> {
  const received = readReceived(flag);
  const objects = flag.objectIds.map(({ href }) => href).slice(0, maxObjects);
  if (received == null || !objects.some((iri) => new URL(iri).origin === data.paths.origin)) return;
  const content = flag.content?.toString() ?? "";
  await receiveReport(data.db, received, {
    objects,
    content: content === "" ? null : truncate(content, maxContent),
  });
}
