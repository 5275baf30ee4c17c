import { VERDICTS_KEY } from './verdicts.ts';

/** The keys of the data that a page may ask for, and no other. */
export const isDataKey = (key: string): boolean =>
  key === VERDICTS_KEY || /^(?:overview|(?:unit|account)\/\d{1,6})\.json$/.test(key);

/**
 * The headers with which page and data are served, wherever that is. No script, style or request but our own; no frame
 * around the page; nothing is kept by browsers or on the way.
 */
export const PAGE_HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;
