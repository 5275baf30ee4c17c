import { useEffect, useState } from 'preact/hooks';

/** Whether the page is being printed: a printer cannot scroll. */
export const usePrinting = (): boolean => {
  const [isPrinting, setPrinting] = useState(false);
  useEffect(() => {
    const media = matchMedia('print');
    const update = () => setPrinting(media.matches);
    media.addEventListener('change', update);
    return () => media.removeEventListener('change', update);
  }, []);
  return isPrinting;
};
