import type { RawRequest } from './call.ts';
import type { RestRoute } from './rest-routes.ts';

export interface RouteMatch {
  readonly operation: string;
  /** Of path, query and headers. */
  readonly input: Readonly<Record<string, string>>;
}

/**
 * Finds the operation of a REST request: the matching route with the most markers and required bindings, and of these
 * the one with the fewest labels.
 */
export const matchRoute = (
  routes: readonly RestRoute[],
  { method, path, query, headers }: Pick<RawRequest, 'method' | 'path' | 'query' | 'headers'>,
): RouteMatch | undefined => {
  const candidates = routes.flatMap((route) => {
    const labels = route.method === method ? matchPath(route.path, path) : undefined;
    if (labels === undefined || !route.markers.every((marker) => hasMarker(query, marker))) return [];
    const required = route.bindings.filter((binding) => binding.required);
    const bound = Object.fromEntries(
      route.bindings.flatMap(({ parameter, from, name }) => {
        const value = from === 'query' ? query.get(name) : headers[name.toLowerCase()];
        return typeof value === 'string' ? [[parameter, value]] : [];
      }),
    );
    if (!required.every(({ parameter }) => Object.hasOwn(bound, parameter))) return [];
    return [
      {
        operation: route.operation,
        input: { ...bound, ...labels },
        // A label counts less than any marker: no path has a hundred.
        score: route.markers.length + required.length - Object.keys(labels).length / 100,
      },
    ];
  });
  const best = Math.max(...candidates.map(({ score }) => score));
  return candidates.find(({ score }) => score === best);
};

const hasMarker = (query: URLSearchParams, marker: string): boolean => {
  const [name = '', value] = marker.split('=');
  return value === undefined ? query.has(name) : query.get(name) === value;
};

const matchPath = (template: string, path: string): Readonly<Record<string, string>> | undefined => {
  const pattern = template
    .replace(/(?<=.)\/$/, '')
    .replaceAll(/[.$()|[\]\\^]/g, String.raw`\$&`)
    .replaceAll(/\{(\w+)\+\}/g, '(?<$1>.+)')
    .replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  // Some clients end a path with a slash. In an object key the slash is significant: `{Key+}` includes it.
  const match = new RegExp(`^${pattern}/?$`).exec(path);
  if (match === null) return undefined;
  return Object.fromEntries(
    Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
  );
};
