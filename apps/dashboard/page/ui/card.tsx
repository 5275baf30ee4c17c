import type { ComponentChildren } from 'preact';

interface Props {
  readonly title: string;
  /** At the right of the title. */
  readonly more?: ComponentChildren;
  readonly note?: ComponentChildren;
  readonly children: ComponentChildren;
  readonly className?: string;
}

/** A part of a view. */
export const Card = ({ title, more, note, children, className = '' }: Props) => {
  const id = `card-${title.toLowerCase().replaceAll(/\W+/g, '-')}`;
  return (
    <section class={`card ${className}`} aria-labelledby={id}>
      <div class="card-head">
        <h2 id={id}>{title}</h2>
        {more}
      </div>
      {note !== undefined && <p class="card-note small muted">{note}</p>}
      {children}
    </section>
  );
};
