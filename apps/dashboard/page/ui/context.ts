import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

import type { Organization } from '../data/organization.ts';

/** The organization that every view shows; set once the overview is loaded. */
export const OrganizationContext = createContext<Organization | undefined>(undefined);

export const useOrganization = (): Organization => {
  const organization = useContext(OrganizationContext);
  if (!organization) throw new Error('A view is rendered outside of the page.');
  return organization;
};
