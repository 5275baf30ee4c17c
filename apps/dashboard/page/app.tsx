import type { ComponentChildren } from 'preact';
import { Component } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { scrolledBefore } from './base/scrolled-before.ts';
import { useRoute } from './base/use-route.ts';
import { Layout } from './ui/layout.tsx';
import { Problem } from './ui/message.tsx';
import { AccountView } from './views/account.tsx';
import { AccountsView } from './views/accounts.tsx';
import { ExemptionsView } from './views/exemptions.tsx';
import { FrameworkView } from './views/framework.tsx';
import { FrameworksView } from './views/frameworks.tsx';
import { NoView } from './views/not-found.tsx';
import { OrganizationView } from './views/organization.tsx';
import { OwnerView } from './views/owner.tsx';
import { OwnersView } from './views/owners.tsx';
import { RemediationView } from './views/remediation.tsx';
import { RequirementView } from './views/requirement.tsx';
import { ResourceView } from './views/resource.tsx';
import { RuleView } from './views/rule.tsx';
import { RulesView } from './views/rules.tsx';
import { SearchView } from './views/search.tsx';
import { UnitView } from './views/unit.tsx';

/** The view that the address asks for. */
export const App = () => {
  const { path, params } = useRoute();
  const key = path.join('/');
  const shown = useRef(key);
  useEffect(() => {
    if (shown.current === key) return;
    shown.current = key;
    scrollTo(0, scrolledBefore());
    // What had the focus is gone with the former view: the keyboard and a screen reader go on at the new one.
    document.querySelector<HTMLElement>('#main')?.focus({ preventScroll: true });
  }, [key]);
  return (
    <Layout>
      <Boundary key={key}>{viewOf(path, params)}</Boundary>
    </Layout>
  );
};

const viewOf = ([view = '', ...rest]: readonly string[], params: URLSearchParams): ComponentChildren => {
  const [first = '', second = '', third = '', fourth = ''] = rest;
  switch (view) {
    case '':
      return <OrganizationView />;
    case 'frameworks':
      return <FrameworksView />;
    case 'framework':
      return <FrameworkView id={first} />;
    case 'requirement':
      return <RequirementView framework={first} id={second} />;
    case 'accounts':
      return <AccountsView />;
    case 'unit':
      return <UnitView unit={first} />;
    case 'account':
      return <AccountView id={first} />;
    case 'resource':
      return <ResourceView accountId={first} region={second} type={third} resource={fourth} />;
    case 'rules':
      return <RulesView />;
    case 'rule':
      return <RuleView command={first} />;
    case 'owners':
      return <OwnersView />;
    case 'owner':
      return <OwnerView name={first} />;
    case 'exemptions':
      return <ExemptionsView />;
    case 'remediation':
      return <RemediationView />;
    case 'search':
      return <SearchView words={params.get('q') ?? ''} />;
    default:
      return <NoView path={[view, ...rest]} />;
  }
};

/** Shows a failure of a view in its place, so that the others can still be opened. */
class Boundary extends Component<{ readonly children: ComponentChildren }, { readonly error?: Error }> {
  static override getDerivedStateFromError = (error: Error) => ({ error });
  override render() {
    return this.state.error ? <Problem error={this.state.error} /> : this.props.children;
  }
}
