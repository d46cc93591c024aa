/** Whoever asks: the collection that makes a document public when it is addressed (ActivityPub, 5.6). */
export const everybody = "https://www.w3.org/ns/activitystreams#Public";
