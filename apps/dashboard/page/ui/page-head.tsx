import type { ComponentChildren } from 'preact';

import { shortened } from '../base/format.ts';
import { linkTo } from '../base/route.ts';
import { breakable, Name } from './text.tsx';
import { useTitle } from './use-title.ts';

interface Props {
  readonly title: string;
  /** Where it belongs: `[['Accounts', ['accounts']]]`. */
  readonly trail?: readonly (readonly [title: string, to: readonly string[]])[];
  /** Under the title. */
  readonly children?: ComponentChildren;
  readonly isMono?: boolean;
}

/** The head of a view: where it belongs, what it is. */
export const PageHead = ({ title, trail = [], children, isMono = false }: Props) => {
  useTitle(title);
  return (
    <div class="page-head">
      {trail.length > 0 && (
        <nav aria-label="Where this is">
          <ol class="crumbs">
            {trail.map(([name, to]) => (
              <li key={name}>
                <a href={linkTo(to)}>
                  <Name text={name} />
                </a>
              </li>
            ))}
          </ol>
        </nav>
      )}
      <h1 class={isMono ? 'mono' : ''}>
        <bdi>{breakable(shortened(title, 200))}</bdi>
      </h1>
      {children}
    </div>
  );
};
