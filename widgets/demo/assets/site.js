// The intranet's own script: sends the switcher on a choice and, with ?spa, changes pages without loading the
// document again. Written to run under a strict CSP with Trusted Types and no policy of its own.

const root = document.documentElement;
root.classList.add('script');

// On narrow screens the navigation scrolls sideways: begin where the reader is.
const showSection = () => {
  const row = document.querySelector('#sections ul');
  const here = row.querySelector('[aria-current]');
  if (here) row.scrollLeft = here.offsetLeft - row.offsetLeft - 16;
};
showSection();

document.addEventListener('change', (event) => {
  if (event.target.id !== 'person') return;
  const form = event.target.form;
  form.elements.back.value = location.pathname + location.search;
  form.submit();
});

if (root.dataset.spa) {
  let shown = location.pathname + location.search;

  // Parsing by XMLHttpRequest, not fetch: DOMParser and innerHTML are refused under Trusted Types.
  const load = (url) => new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('GET', url);
    request.responseType = 'document';
    request.onload = () => (request.response ? resolve(request.response) : reject(new Error('no page')));
    request.onerror = () => reject(new Error('no answer'));
    request.send();
  });

  const replace = (next, selector) => {
    const [old, fresh] = [document.querySelector(selector), next.querySelector(selector)];
    if (old && fresh) old.replaceWith(document.adoptNode(fresh));
  };

  const copyAttributes = (from, to) => {
    for (const name of to.getAttributeNames()) if (!from.hasAttribute(name)) to.removeAttribute(name);
    for (const name of from.getAttributeNames()) {
      if (to.getAttribute(name) !== from.getAttribute(name)) to.setAttribute(name, from.getAttribute(name));
    }
  };

  const swap = (next) => {
    document.title = next.title;
    root.lang = next.documentElement.lang;
    for (const meta of document.querySelectorAll('meta[name^="stoa-"]')) {
      const fresh = next.querySelector(`meta[name="${meta.name}"]`);
      if (fresh) meta.content = fresh.content;
    }
    replace(next, '#sections');
    showSection();
    const [widget, wanted] = [document, next].map((from) => from.querySelector('stoa-comments'));
    if (root.dataset.spa === 'attributes' && widget && wanted) {
      for (const part of ['#crumbs', '#content', '#aside']) replace(next, part);
      copyAttributes(wanted, widget);
    } else {
      replace(next, '#page');
    }
  };

  const go = async (url, top) => {
    let next;
    try {
      next = await load(url);
    } catch {
      location.assign(url);
      return;
    }
    // Somebody who went on meanwhile gets only the page asked for last.
    if (url !== location.pathname + location.search) return;
    shown = url;
    swap(next);
    scrollTo(0, top);
    document.getElementById('page').focus({ preventScroll: true });
  };

  document.addEventListener('click', (event) => {
    // A click inside a widget is reported at the widget, so its links stay ordinary links.
    const link = event.target.closest('a[href]');
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || link.target || (url.hash && url.pathname === location.pathname)) return;
    event.preventDefault();
    url.search ||= location.search;
    history.replaceState({ top: scrollY }, '');
    history.pushState({ top: 0 }, '', url);
    go(url.pathname + url.search, 0);
  });

  addEventListener('popstate', (event) => {
    // Only the fragment changed: that is the widget's permalink, not another page.
    if (location.pathname + location.search === shown) return;
    go(location.pathname + location.search, event.state?.top ?? 0);
  });
}
