/** Rows of each list of the first view; its link leads to all of them. */
export const SHOWN = 6;
