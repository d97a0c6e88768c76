/** Largest file or object that is read from a source. */
export const MAX_FILE_BYTES = 32 * 1024 * 1024;
/** Longest path that is looked at, as on Linux. */
export const MAX_PATH_BYTES = 4096;
/** Symbolic links followed for one path. */
export const MAX_LINK_HOPS = 10;
