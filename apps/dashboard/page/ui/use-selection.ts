import type { Selection } from '../data/select-rows.ts';
import { setParams, useRoute } from '../base/use-route.ts';
import type { Column } from '../data/columns.ts';

/** `rule`, or `-since` for descending. */
export type Sort = string;

/** The selection of a table in the address. `name` tells apart the tables of a view. */
export const useSelection = <Row>(name: string, columns: readonly Column<Row>[], initialSort: Sort) => {
  const { params } = useRoute();
  const key = (part: string) => (name === '' ? part : `${name}.${part}`);
  const sort = params.get(key('sort')) ?? initialSort;
  const facets = new Map(
    columns.flatMap(({ id }): [string, ReadonlySet<string>][] => {
      const values = params.get(key(id));
      return values === null ? [] : [[id, new Set(splitValues(values))]];
    }),
  );
  const selection: Selection = {
    search: params.get(key('find')) ?? '',
    facets,
    sortBy: sort.replace(/^-/, ''),
    isDescending: sort.startsWith('-'),
  };
  return {
    selection,
    isFiltered: selection.search !== '' || facets.size > 0,
    setSearch: (text: string) => setParams({ [key('find')]: text }),
    setFacet: (id: string, values: readonly string[]) =>
      setParams({
        [key(id)]: parameterOf(values),
      }),
    /** Ascending, then descending; numbers the other way round. */
    sortBy: ({ id, isNumber = false }: Column<Row>) => {
      const isDescending = selection.sortBy === id ? !selection.isDescending : isNumber;
      setParams({ [key('sort')]: `${isDescending ? '-' : ''}${id}` });
    },
    clear: () =>
      setParams(
        Object.fromEntries([key('find'), ...columns.map(({ id }) => key(id))].map((each) => [each, ''])),
      ),
  };
};

/** The values of a facet as a parameter of the address: separated by commas, with a backslash before those of a value. */
export const parameterOf = (values: readonly string[]): string =>
  values.map((value) => value.replaceAll(/[\\,]/g, String.raw`\$&`)).join(',') || EMPTY_VALUE(values);

/** One chosen value that is the empty text: a lone escape says so, where nothing would remove the filter. */
const EMPTY_VALUE = (values: readonly string[]): string => (values.length === 1 ? '\\' : '');

const splitValues = (text: string): readonly string[] => {
  const values = [''];
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === ',') values.push('');
    else values[values.length - 1] += character === '\\' ? text.charAt((index += 1)) : character;
  }
  return values;
};
