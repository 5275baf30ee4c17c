import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { linkTo } from '../base/route.ts';
import { useRoute } from '../base/use-route.ts';
import { AsOf } from './as-of.tsx';
import { useOrganization } from './context.ts';
import { LongText, Name } from './text.tsx';
import { ThemeButton } from './theme-button.tsx';

const VIEWS = [
  ['Organization', []],
  ['Frameworks', ['frameworks']],
  ['Accounts', ['accounts']],
  ['Rules', ['rules']],
  ['Owners', ['owners']],
  ['Exemptions', ['exemptions']],
  ['Remediation', ['remediation']],
] as const;

/** The parts of a list belong to it: an account to the accounts. */
const SECTIONS: Readonly<Record<string, string>> = {
  framework: 'frameworks',
  requirement: 'frameworks',
  unit: 'accounts',
  account: 'accounts',
  resource: 'accounts',
  rule: 'rules',
  owner: 'owners',
};

/** The frame around every view: name, views, search, the age of the data. */
export const Layout = ({ children }: { readonly children: ComponentChildren }) => {
  const { overview } = useOrganization();
  const { path, params } = useRoute();
  const section = SECTIONS[path[0] ?? ''] ?? path[0] ?? '';
  const views = useRef<HTMLUListElement>(null);
  useEffect(() => {
    // A phone shows a part of the list.
    const current = views.current?.querySelector<HTMLElement>('[aria-current]');
    if (current && views.current) views.current.scrollLeft = current.offsetLeft - 48;
  }, [section]);
  return (
    <>
      <a class="skip" href="#main" onClick={focusMain}>
        Skip to the content
      </a>
      <header class="top">
        <div class="inner">
          <a class="brand" href={linkTo([])}>
            <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
              <rect class="brand-ground" width="32" height="32" rx="7" />
              <path class="brand-mark" d="M8 17l5.500 5.500L24.500 10" />
            </svg>
            <span>
              <b>
                <Name text={overview.organization.name} />
              </b>
              <span class="muted">Continuous compliance</span>
            </span>
          </a>
          <SearchBox text={path[0] === 'search' ? (params.get('q') ?? '') : ''} />
          <AsOf asOf={overview.asOf} evidence={overview.evidence} />
          <ThemeButton />
        </div>
        <nav aria-label="Views">
          <ul class="inner" ref={views}>
            {VIEWS.map(([title, to]) => (
              <li key={title}>
                <a href={linkTo(to)} {...((to[0] ?? '') === section && { 'aria-current': 'page' as const })}>
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <main id="main" class="inner" tabIndex={-1}>
        {overview.notes.length > 0 && (
          <ul class="card notes">
            {overview.notes.map((note) => (
              <li key={note}>
                <LongText text={note} />
              </li>
            ))}
          </ul>
        )}
        {children}
      </main>
    </>
  );
};

// The address behind `#` is the route, so the usual link within a page would leave the view.
const focusMain = (event: Event): void => {
  event.preventDefault();
  document.querySelector<HTMLElement>('#main')?.focus();
};

const SearchBox = ({ text }: { readonly text: string }) => {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
      if (event.key !== '/' || isTyping) return;
      event.preventDefault();
      input.current?.focus();
    };
    addEventListener('keydown', focus);
    return () => removeEventListener('keydown', focus);
  }, []);
  const search = (event: Event) => {
    event.preventDefault();
    const words = input.current?.value.trim() ?? '';
    if (words !== '') location.hash = linkTo(['search'], { q: words });
  };
  return (
    <form role="search" class="search" onSubmit={search}>
      <input
        ref={input}
        type="search"
        aria-label="Search rules, accounts, owners and resources"
        placeholder="Search rules, accounts, resources  ( / )"
        defaultValue={text}
        key={text}
      />
    </form>
  );
};
