/** On every answer: it may hold a secret, and nobody should guess another type than it says. */
export const COMMON_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};
