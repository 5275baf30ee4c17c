import { DashboardDataError } from '@compliance/dashboard-data';
import type { ComponentChildren } from 'preact';

import type { Loaded } from '../data/use-files.ts';
import { LongText } from './text.tsx';

/** What is wrong, and what a person can do. */
export const Problem = ({ error }: { readonly error: Error }) => (
  <div class="card problem" role="alert">
    <h2>{error instanceof DashboardDataError ? 'This data cannot be shown' : 'This view failed'}</h2>
    <p>
      <LongText text={error.message} />
    </p>
  </div>
);

export const Empty = ({ children }: { readonly children: ComponentChildren }) => (
  <p class="empty">{children}</p>
);

export const Loading = ({ what }: { readonly what: string }) => (
  <p class="empty loading" role="status">
    Loading {what} …
  </p>
);

/** Shows what was loaded, or that it is being loaded, or why it could not be. */
export const Ready = <T,>({
  loaded,
  what,
  children,
}: {
  readonly loaded: Loaded<T>;
  readonly what: string;
  readonly children: (value: T) => ComponentChildren;
}) => {
  if (loaded.status === 'loading') return <Loading what={what} />;
  return loaded.status === 'failed' ? <Problem error={loaded.error} /> : <>{children(loaded.value)}</>;
};
