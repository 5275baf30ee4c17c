import { useEffect, useState } from 'preact/hooks';

import { linkTo, parseRoute, type Route } from './route.ts';

/** The route of the address, also when it changes. */
export const useRoute = (): Route => {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const update = () => setHash(location.hash);
    addEventListener('hashchange', update);
    return () => removeEventListener('hashchange', update);
  }, []);
  return parseRoute(hash);
};

/** Replaces parameters of the address; an empty text removes one. Filters thus survive a reload and can be shared. */
export const setParams = (changes: Readonly<Record<string, string>>): void => {
  const { path, params } = parseRoute(location.hash);
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') params.delete(name);
    else params.set(name, value);
  }
  history.replaceState(history.state, '', linkTo(path, Object.fromEntries(params)));
  dispatchEvent(new HashChangeEvent('hashchange'));
};
