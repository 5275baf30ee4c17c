import { setParams } from '../base/use-route.ts';

interface Props {
  readonly shown: number;
  readonly all: number;
  /** What the rows are, in the plural. */
  readonly what: string;
  /** The parameter of the address that asks for all of them. */
  readonly param: string;
}

/** Says that a matrix shows a part of its rows, and shows all of them by a click. */
export const ShowAll = ({ shown, all, what, param }: Props) => (
  <p class="small">
    The {shown} {what} with the most open findings.{' '}
    <button
      type="button"
      class="quiet"
      onClick={({ currentTarget }) => {
        // The button goes; the keyboard goes on at the matrix, which can be scrolled.
        currentTarget.closest('section')?.querySelector<HTMLElement>('.scroll')?.focus();
        setParams({ [param]: 'all' });
      }}
    >
      Show all {all}
    </button>
  </p>
);
