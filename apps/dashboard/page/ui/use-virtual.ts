import { elementScroll, observeElementOffset, Virtualizer, type Rect } from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useReducer, useState } from 'preact/hooks';

/**
 * The rows of a scrolling element that are near what is seen, and the heights of those above and below.
 * `measure` is the reference of a row that carries its `data-index`: on a phone, rows differ in height.
 */
export const useVirtual = (scroller: RefObject<HTMLElement | null>, count: number, rowHeight: number) => {
  const [, rerender] = useReducer((version: number) => version + 1, 0);
  const options = {
    count,
    // A table that is shown whole needs no measure.
    getScrollElement: () => (count === 0 ? null : scroller.current),
    estimateSize: () => rowHeight,
    overscan: 6,
    initialRect: { width: 0, height: 800 },
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => rerender(undefined),
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLElement, Element>(options));
  virtualizer.setOptions(options);
  /* oxlint-disable no-underscore-dangle -- the library's bindings for other frameworks call these two. */
  useLayoutEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  /* oxlint-enable no-underscore-dangle */
  const items = virtualizer.getVirtualItems();
  const first = items[0];
  const last = items.at(-1);
  return {
    indexes: items.map(({ index }) => index),
    measure: virtualizer.measureElement,
    above: first?.start ?? 0,
    below: last ? virtualizer.getTotalSize() - last.end : 0,
  };
};

/** Like the library's own, but without a measure at the start, for which the browser would lay out the page twice. */
const observeElementRect = (
  { scrollElement }: Virtualizer<HTMLElement, Element>,
  tell: (rect: Rect) => void,
): (() => void) => {
  const observer = new ResizeObserver(([entry]) => {
    const [box] = entry?.borderBoxSize ?? [];
    if (box) tell({ width: box.inlineSize, height: box.blockSize });
  });
  if (scrollElement) observer.observe(scrollElement);
  return () => observer.disconnect();
};
