/** Why no rule covers the security questions of versions 1.2 to 4.0.1. */
export const SECURITY_QUESTIONS =
  'Keep the answers where an account still has the questions. AWS offers no new ones, and no API reads them.';
