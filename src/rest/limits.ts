/** Largest bodies, in bytes: of a request, and of many secrets at once (`POST /secret/writes`), which `import` sends. */
export const BODY_LIMIT = 1024 * 1024;
export const WRITES_LIMIT = 16 * 1024 * 1024;
