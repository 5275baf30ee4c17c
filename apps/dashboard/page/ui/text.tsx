import { shortened, visible } from '../base/format.ts';

/** A name from outside: one line, isolated from the direction of its neighbours, its hidden characters visible. */
export const Name = ({ text, mono = false }: { readonly text: string; readonly mono?: boolean }) => (
  <bdi class={mono ? 'name mono' : 'name'} {...(text.length > 24 && { title: shortened(text, 1_000) })}>
    {shortened(text, 200)}
  </bdi>
);

/** A long text from outside, whole. */
export const LongText = ({ text, mono = false }: { readonly text: string; readonly mono?: boolean }) => (
  <bdi class={mono ? 'long mono' : 'long'}>{visible(text)}</bdi>
);
