/** Where the page is: the part of the address behind `#`, so that any file server can serve it. */
export interface Route {
  /** Decoded: `['account', '111122223333']` */
  readonly path: readonly string[];
  readonly params: URLSearchParams;
}

export const parseRoute = (hash: string): Route => {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  return {
    path: path
      .split('/')
      .filter((segment) => segment !== '')
      .map(decode),
    params: new URLSearchParams(query),
  };
};

/** A link: `linkTo(['account', id], { state: 'violating' })`. */
export const linkTo = (path: readonly string[], params: Readonly<Record<string, string>> = {}): string => {
  // Not by URLSearchParams: a view has thousands of links.
  const query = Object.entries(params)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  return `#/${path.map(encodeURIComponent).join('/')}${query === '' ? '' : `?${query}`}`;
};

/** A link that somebody typed may hold a stray percent sign. */
const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};
