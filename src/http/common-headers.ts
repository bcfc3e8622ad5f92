/** On every answer: it may hold a secret, and is what it says it is. */
export const COMMON_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};
