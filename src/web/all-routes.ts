import type { Hono } from "hono";
import type { WebEnv } from "./context.ts";
import { adminRoutes } from "./routes/admin.tsx";
import { assetRoutes } from "./routes/assets.tsx";
import { authRoutes } from "./routes/auth.ts";
import { blockListRoutes } from "./routes/block-lists.tsx";
import { blockRoutes } from "./routes/blocks.tsx";
import { claimRoutes } from "./routes/claims.tsx";
import { collectionRoutes } from "./routes/collections.tsx";
import { dataRoutes } from "./routes/data.tsx";
import { deletionRoutes } from "./routes/deletion.tsx";
import { discoveryRoutes } from "./routes/discovery.tsx";
import { feedRoutes } from "./routes/feeds.ts";
import { followingRoutes } from "./routes/following.tsx";
import { interactionRoutes } from "./routes/interactions.tsx";
import { ledgerRoutes } from "./routes/ledger.tsx";
import { lineageRoutes } from "./routes/lineage.tsx";
import { liveRoutes } from "./routes/live.tsx";
import { logRoutes } from "./routes/log.tsx";
import { oauthRoutes } from "./routes/oauth.tsx";
import { oembedRoutes } from "./routes/oembed.ts";
import { ownAssetRoutes } from "./routes/own-assets.tsx";
import { pageRoutes } from "./routes/pages.tsx";
import { passwordRoutes } from "./routes/password.tsx";
import { previewRoutes } from "./routes/previews.tsx";
import { profileRoutes } from "./routes/profile.tsx";
import { queueRoutes } from "./routes/queues.tsx";
import { recordRunRoutes } from "./routes/record-run.tsx";
import { rendererRoutes } from "./routes/renderers.tsx";
import { sessionRoutes } from "./routes/sessions.tsx";
import { shareRoutes } from "./routes/shares.tsx";
import { signInRoutes } from "./routes/sign-ins.tsx";
import { sitemapRoutes } from "./routes/sitemap.ts";
import { userRoutes } from "./routes/users.tsx";

/** Every route for which it counts who is asking. Of two that match an address the first one answers. */
export const routes: readonly Hono<WebEnv>[] = [
  recordRunRoutes,
  feedRoutes,
  oembedRoutes,
  sitemapRoutes,
  pageRoutes,
  authRoutes,
  oauthRoutes,
  signInRoutes,
  passwordRoutes,
  dataRoutes,
  deletionRoutes,
  assetRoutes,
  ownAssetRoutes,
  previewRoutes,
  shareRoutes,
  ledgerRoutes,
  liveRoutes,
  lineageRoutes,
  logRoutes,
  claimRoutes,
  interactionRoutes,
  followingRoutes,
  userRoutes,
  profileRoutes,
  discoveryRoutes,
  blockRoutes,
  blockListRoutes,
  adminRoutes,
  queueRoutes,
  rendererRoutes,
  sessionRoutes,
  collectionRoutes,
];
