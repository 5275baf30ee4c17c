import { linkTo } from '../base/route.ts';
import { PageHead } from '../ui/page-head.tsx';
import { LongText } from '../ui/text.tsx';

/** Of a link to something that this data does not have: it may be of an older snapshot. */
export const NotFound = ({ what, where }: { readonly what: string; readonly where: string }) => (
  <>
    <PageHead title="Not in this data" />
    <p>
      There is no <LongText text={what} /> in this snapshot. It may have been removed since the link was made.
      See <a href={linkTo([where])}>all {where}</a>.
    </p>
  </>
);

/** Of an address that names no view. */
export const NoView = ({ path }: { readonly path: readonly string[] }) => (
  <>
    <PageHead title="No such view" />
    <p>
      There is no view at <LongText mono text={path.join('/')} />. The navigation above leads to all of them.
    </p>
  </>
);
