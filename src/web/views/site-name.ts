/** What the server calls itself. */
export const siteName = "Art DAG L2";
