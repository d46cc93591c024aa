import type { Config } from "./config.ts";

/** What the terminal says when the server is ready: where to go, and how to sign in. */
export function describeStart(config: Config, firstPassword: string | undefined): string {
  const lines = [`Art DAG L2 is ready: ${config.origin}`];
  if (config.role === "worker") lines[0] = `An Art DAG L2 worker is ready for ${config.origin}`;
  if (firstPassword != null) {
    lines.push(
      "",
      `  Sign in at ${config.origin}/login`,
      `  user      ${config.admin}`,
      `  password  ${firstPassword}`,
      "",
      "  This password is shown once and kept nowhere: write it down.",
    );
  } else if (config.role !== "worker") {
    lines.push(
      `  Sign in at ${config.origin}/login as ${config.admin}, or register at ${config.origin}/register`,
    );
  }
  lines.push(`  Keys and data are in ${config.data}`, "");
  return lines.join("\n");
}
