import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import { usePrinting } from './use-printing.ts';

/** The browser's own search and a screen reader find what is drawn: after this time, all is. */
const AT_LATEST_MS = 1000;

interface Props {
  /** How high it is about to be, in CSS. */
  readonly height: string;
  readonly children: () => ComponentChildren;
}

/** A large part of a view, which is drawn when it is about to be seen, and not before what is seen first. */
export const Later = ({ height, children }: Props) => {
  const place = useRef<HTMLDivElement>(null);
  const [isDrawn, setDrawn] = useState(false);
  const isPrinting = usePrinting();
  useEffect(() => {
    if (!place.current) return undefined;
    const draw = () => setDrawn(true);
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && draw(), {
      rootMargin: '25%',
    });
    observer.observe(place.current);
    const timer = setTimeout(draw, AT_LATEST_MS);
    return () => {
      observer.disconnect();
      clearTimeout(timer);
    };
  }, []);
  return isDrawn || isPrinting ? (
    <>{children()}</>
  ) : (
    <div class="later" ref={place} style={{ minHeight: height }} />
  );
};
