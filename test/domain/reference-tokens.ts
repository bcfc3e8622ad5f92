/** What random texts are put together of: signs, words, and references whole and cut. */
export const REFERENCE_TOKENS = [
  ...[
    '$',
    '{',
    '}',
    ':',
    '${',
    'secret',
    'p',
    'k',
    'env',
    '\\',
    '\n',
    '\u2028',
    '\0',
    '😀',
    '\ud83d',
  ],
  ...['${secret:p:k}', '${secret:p:', '${env:k', 'p:k}', '${secret::k}', '${:}', '$${secret:k}'],
] as const;
