/** How much one request of the results may name. Browser-safe. */

/** Longest list of runs that one request may name or change. */
export const mostIds = 10_000;
/** Rows of a page. */
export const mostRows = 200;
/** Characters of a note. */
export const longestNote = 4000;
