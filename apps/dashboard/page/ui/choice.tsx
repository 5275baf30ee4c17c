import { setParams } from '../base/use-route.ts';

interface Props {
  /** The parameter of the address that it sets. */
  readonly name: string;
  readonly label: string;
  readonly values: readonly (readonly [id: string, title: string])[];
  readonly chosen: string;
}

/** One of a few values, each with a button. */
export const Choice = ({ name, label, values, chosen }: Props) => (
  <span class="choice" role="group" aria-label={label}>
    {values.map(([id, title]) => (
      <button key={id} type="button" aria-pressed={id === chosen} onClick={() => setParams({ [name]: id })}>
        {title}
      </button>
    ))}
  </span>
);
