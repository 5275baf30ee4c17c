import { useEffect } from 'preact/hooks';

import { shortened } from '../base/format.ts';
import { useOrganization } from './context.ts';

/** The title of the window: the view, then the organization. */
export const useTitle = (title: string): void => {
  const { name } = useOrganization().overview.organization;
  useEffect(() => {
    document.title = `${shortened(title, 80)} · ${shortened(name, 60)} · Compliance`;
  }, [title, name]);
};
