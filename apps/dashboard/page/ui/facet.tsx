import { useEffect, useRef, useState } from 'preact/hooks';

import { number, shortened } from '../base/format.ts';

interface Props {
  readonly title: string;
  readonly values: readonly (readonly [value: string, count: number])[];
  readonly chosen: ReadonlySet<string>;
  readonly onChange: (chosen: readonly string[]) => void;
}

/** More values are found by typing. */
const SHOWN = 30;

/** A filter by the values of a column, with how many rows each has. */
export const Facet = ({ title, values, chosen, onChange }: Props) => {
  const [search, setSearch] = useState('');
  const { details, popover, onToggle } = useDisclosure();
  const matching = values.filter(([value]) => value.toLowerCase().includes(search.toLowerCase()));
  const toggle = (value: string) =>
    onChange(chosen.has(value) ? [...chosen].filter((one) => one !== value) : [...chosen, value]);
  return (
    <details class="facet" name="facet" ref={details} onToggle={onToggle}>
      <summary>
        {title}
        {chosen.size > 0 && <b class="count">{chosen.size}</b>}
      </summary>
      <div class="popover" ref={popover}>
        {values.length > 8 && (
          <input
            type="search"
            placeholder="Find a value"
            aria-label={`Find a value of ${title}`}
            value={search}
            onInput={({ currentTarget }) => setSearch(currentTarget.value)}
          />
        )}
        <ul>
          {matching.slice(0, SHOWN).map(([value, count]) => (
            <li key={value}>
              <label>
                <input type="checkbox" checked={chosen.has(value)} onChange={() => toggle(value)} />
                <bdi>{value === '' ? '(none)' : shortened(value, 60)}</bdi>
                <span class="count">{number(count)}</span>
              </label>
            </li>
          ))}
        </ul>
        {matching.length > SHOWN && (
          <p class="small muted">{number(matching.length - SHOWN)} more: type to find them.</p>
        )}
        {chosen.size > 0 && (
          <button type="button" class="quiet" onClick={() => onChange([])}>
            Clear
          </button>
        )}
      </div>
    </details>
  );
};

/** Closes on Escape, on a click outside, and when the focus leaves; opens to the side where there is room. */
const useDisclosure = () => {
  const details = useRef<HTMLDetailsElement>(null);
  const popover = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = details.current;
    if (!element) return undefined;
    const closeOutside = ({ target }: Event) => {
      if (target instanceof Node && !element.contains(target)) element.open = false;
    };
    const closeByKey = ({ key }: KeyboardEvent) => {
      if (key !== 'Escape' || !element.open) return;
      if (element.contains(document.activeElement)) element.querySelector('summary')?.focus();
      element.open = false;
    };
    document.addEventListener('pointerdown', closeOutside);
    document.addEventListener('focusin', closeOutside);
    document.addEventListener('keydown', closeByKey);
    return () => {
      document.removeEventListener('pointerdown', closeOutside);
      document.removeEventListener('focusin', closeOutside);
      document.removeEventListener('keydown', closeByKey);
    };
  }, []);
  const onToggle = () => {
    const box = popover.current;
    if (!box) return;
    box.classList.remove('from-right');
    if (box.getBoundingClientRect().right > document.documentElement.clientWidth)
      box.classList.add('from-right');
  };
  return { details, popover, onToggle };
};
