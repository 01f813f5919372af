import { createSubscriber } from 'svelte/reactivity';
import { match, type Route } from './routes';

export { isGuestRoute, match, paths, type Route, type SettingsSection } from './routes';

const listeners = new Set<() => void>();
const subscribe = createSubscriber((update) => {
  listeners.add(update);
  return () => listeners.delete(update);
});

let current: Route = match(location.pathname);

/** The page shown now; reactive wherever it is read inside a component or an effect. */
export const route = {
  get current(): Route {
    subscribe();
    return current;
  },
};

/** Goes to a page of the application. */
export function navigate(path: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') history.pushState(null, '', path);
  else history.replaceState(null, '', path);
  follow();
  if (how === 'push') window.scrollTo(0, 0);
}

/** Connects the router to the browser: back and forward, and clicks on links to our own pages. */
export function startRouter(): void {
  window.addEventListener('popstate', follow);
  document.addEventListener('click', onClick);
}

function follow(): void {
  current = match(location.pathname);
  for (const listener of listeners) listener();
}

function onClick(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!link || link.target || link.hasAttribute('download')) return;
  const address = new URL(link.href, location.href);
  if (address.origin !== location.origin || address.pathname.startsWith('/api/')) return;
  if (address.pathname === location.pathname && address.hash) return;
  event.preventDefault();
  navigate(address.pathname + address.search + address.hash);
}
