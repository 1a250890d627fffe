/** Where retention keeps what is its own, below the log folder; the store does not look there. */
export const RETENTION_FOLDER = ".sidecar/retention";
/** Compressed files before they get their name: whatever is found in it when a run begins is removed. */
export const UNFINISHED_FOLDER = `${RETENTION_FOLDER}/tmp`;
export const INDEX = `${RETENTION_FOLDER}/index.json`;
export const LAST_RUN = `${RETENTION_FOLDER}/last-run.json`;
