/** The version of this server, as it names itself to others. */
export const version = "0.1.0";
