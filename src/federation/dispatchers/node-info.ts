import type { Federatable } from "@fedify/fedify";
import { getLogSize } from "../../db/log.ts";
import { countUsers } from "../../db/users.ts";
import type { FederationContext } from "../context.ts";

/** Serves NodeInfo 2.1: what the server runs, and how much is on it. */
export function registerNodeInfo(federation: Federatable<FederationContext>): void {
  federation.setNodeInfoDispatcher("/nodeinfo/2.1", async ({ data }) => ({
    software: { name: "artdag-l2", version: data.version },
    protocols: ["activitypub"],
    openRegistrations: data.registrationOpen,
    usage: {
      users: { total: await countUsers(data.db) },
      localPosts: await getLogSize(data.db),
      localComments: 0,
    },
  }));
}
