import { nearest } from '@compliance/core/scan';
import { frameworks, mappedFrameworks, type Framework, type MappedFramework } from '@compliance/frameworks';

import { UsageError } from '../output/exit-codes.ts';

/** @throws {UsageError} with the nearest ones when there is no such framework */
export const findFramework = (id: string): Framework | MappedFramework => {
  const all = [...frameworks, ...mappedFrameworks];
  const framework = all.find((known) => known.id === id);
  if (framework) return framework;
  const names = nearest(
    id,
    all.map((known) => known.id),
  );
  throw new UsageError(
    `Unknown framework: '${id}'. The nearest are ${names.join(', ')}. List frameworks with \`compliance frameworks list\`.`,
  );
};
