import { Fragment, type ComponentChildren } from 'preact';

import { shortened, visible } from '../base/format.ts';

/** A name from outside: one line, isolated from the direction of its neighbours, its hidden characters visible. */
export const Name = ({ text, mono = false }: { readonly text: string; readonly mono?: boolean }) => (
  <bdi class={mono ? 'name mono' : 'name'} {...(text.length > 24 && { title: shortened(text, 1_000) })}>
    {shortened(text, 200)}
  </bdi>
);

/** A path or an ARN that breaks between its parts. */
export const breakable = (text: string): ComponentChildren =>
  text.split(/(?<=[/:])/).map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));

/** Of a longer text, a part is seen, and the rest by scrolling: a view must not be pushed away by one name. */
const MOST = 1_000;

/** A long text from outside, whole. */
export const LongText = ({ text, mono = false }: { readonly text: string; readonly mono?: boolean }) => (
  <bdi
    class={`long ${mono ? 'mono' : ''} ${text.length > MOST ? 'boxed' : ''}`}
    {...(text.length > MOST && { tabIndex: 0, role: 'region', 'aria-label': 'A long text' })}
  >
    {breakable(visible(text))}
  </bdi>
);
