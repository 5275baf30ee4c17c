/** How far each entry of the history was scrolled when it was left, by the number that it has as its state. */
const positions = new Map<unknown, number>();
let entry: unknown;

const enter = (): void => {
  if (history.state === null) history.replaceState(Date.now(), '');
  entry = history.state;
};

// The browser would restore it before the view is drawn again.
history.scrollRestoration = 'manual';
enter();
// Before the view changes: this module was loaded before any view listens.
addEventListener('hashchange', () => {
  positions.set(entry, scrollY);
  enter();
});

/** How far the entry that was entered last had been scrolled; 0 where it is a new one. */
export const scrolledBefore = (): number => positions.get(entry) ?? 0;
