import { OVERVIEW_KEY, parseOverview } from '@compliance/dashboard-data';
import { render } from 'preact';

import { App } from './app.tsx';
import { loadFile } from './data/load-file.ts';
import { organizationOf } from './data/organization.ts';
import { OrganizationContext } from './ui/context.ts';
import { Problem } from './ui/message.tsx';
import { applyStoredTheme } from './ui/theme-button.tsx';

applyStoredTheme();
const page = document.querySelector('#page');
if (!page) throw new Error('index.html has no element for the page.');
try {
  const organization = organizationOf(parseOverview(await loadFile(OVERVIEW_KEY)));
  render(
    <OrganizationContext.Provider value={organization}>
      <App />
    </OrganizationContext.Provider>,
    page,
  );
} catch (error) {
  render(
    <main class="inner">
      <h1>Compliance</h1>
      <Problem error={error instanceof Error ? error : new Error(String(error))} />
    </main>,
    page,
  );
}
