/**
 * Makes the line of a story's life a slider that shows each version in place. The page of a version is fetched as anybody
 * would get it, and its parts (`data-part`) take the places of those that are shown.
 */
{
  const part = (name, root = document) => root.querySelector(`[data-part="${name}"]`);
  const life = document.querySelector('section.life');
  if (life && part('line')?.querySelectorAll('.track a').length > 1) slide();

  function slide() {
    const slider = Object.assign(document.createElement('input'), { type: 'range', min: 0, max: 100, step: 'any' });
    slider.setAttribute('aria-label', 'The story’s life');
    const bubble = Object.assign(document.createElement('span'), { className: 'bubble', hidden: true });
    bubble.setAttribute('aria-hidden', 'true');
    const told = Object.assign(document.createElement('p'), { className: 'hidden' });
    told.setAttribute('role', 'status');
    const box = Object.assign(document.createElement('div'), { className: 'slide' });
    box.append(slider, bubble);

    let stops = [];
    let current = 0;
    let dragged = false;
    const addressOf = ({ pathname, search }) => pathname + search;
    let shown = addressOf(location);
    let [wait, asking] = [0, new AbortController()];

    /** Takes the line as it now stands. Its links stay for the eye; the slider stands in for them. */
    function readLine() {
      const line = part('line');
      line.querySelector('.track').inert = true;
      stops = [...line.querySelectorAll('.track a')].map((link) => ({
        link,
        place: Number(/\bat-(\d+)/.exec(link.className)[1]),
        from: Date.parse(link.dataset.from),
      }));
      return Math.max(
        0,
        stops.findIndex(({ link }) => link.ariaCurrent === 'true' || link.getAttribute('aria-current') === 'true'),
      );
    }

    const nameOf = (index) => stops[index].link.textContent.trim();

    /** Shows where the slider stands, before what stood there has come. */
    function stand(index, place = stops[index].place) {
      current = index;
      slider.value = place;
      slider.setAttribute('aria-valuetext', `${nameOf(index)} (${index + 1} of ${stops.length})`);
      for (const [at, { link }] of stops.entries()) link.classList.toggle('on', at === index);
    }

    /** The time at a place of the line: to scale between two stops. */
    function timeAt(place) {
      const next = stops[current + 1] ?? { place: 100, from: Date.now() };
      const { place: start, from } = stops[current];
      const share = Math.min(1, Math.max(0, (place - start) / (next.place - start || 1)));
      return new Date(from + share * (next.from - from));
    }

    function tellPlace(place) {
      const { own, zone } = document.querySelector('[data-zone]').dataset;
      const days = (stops.at(-1).from - stops[0].from) / 86_400_000;
      const time = timeAt(place).toLocaleString('en-GB', {
        timeZone: own ?? zone,
        ...(days > 1 && { day: 'numeric', month: 'short' }),
        ...(days > 300 && { year: 'numeric' }),
        hour: '2-digit',
        minute: '2-digit',
      });
      bubble.textContent = `${time} · ${nameOf(current).split(':')[0]}`;
      // Not beyond the edge of a narrow screen.
      bubble.style.insetInlineStart = `${Math.min(80, Math.max(20, place))}%`;
      bubble.hidden = false;
    }

    /** Keeps the slider under the finger while the text above it changes its height. */
    function steadily(change) {
      const before = box.getBoundingClientRect().top;
      change();
      window.scrollBy({ top: box.getBoundingClientRect().top - before, behavior: 'instant' });
    }

    /** Whether it is shown now: something else may have been asked for meanwhile. */
    async function show(href, { keep }) {
      clearTimeout(wait);
      asking.abort();
      asking = new AbortController();
      const { signal } = asking;
      life.setAttribute('aria-busy', 'true');
      try {
        const response = await fetch(href, { signal, headers: { accept: 'text/html' } });
        const page = new DOMParser().parseFromString(await response.text(), 'text/html');
        if (signal.aborted) return false;
        if (!page.querySelector('main')) throw new Error('no page');
        steadily(() => putIn(page));
        document.title = page.title;
        if (keep && location.href !== new URL(href, location.href).href) {
          history[history.state?.slid ? 'replaceState' : 'pushState']({ slid: true }, '', href);
        }
        shown = addressOf(location);
        life.removeAttribute('aria-busy');
        return true;
      } catch (error) {
        // Whatever is wrong, the browser knows how to say it.
        if (error.name !== 'AbortError') location.assign(href);
        return false;
      }
    }

    /** A page of the story lends its parts; one that says why there is none, its words. */
    function putIn(page) {
      const head = part('head');
      const tallest = head.offsetHeight;
      if (part('head', page)) {
        for (const name of ['head', 'reading', 'change', 'text', 'aside', 'moment']) {
          const [here, there] = [part(name), part(name, page)];
          if (here && there) here.replaceWith(document.adoptNode(there));
        }
        const line = part('line', page);
        if (line) part('line').replaceWith(document.adoptNode(line));
        readLine();
      } else {
        head.replaceChildren(...page.querySelectorAll('main .column > :not(form)'));
        for (const name of ['reading', 'change', 'text']) part(name)?.replaceChildren();
      }
      if (dragged) part('head').style.minHeight = `${tallest}px`;
    }

    function go(index, place) {
      stand(index, place);
      const { href } = stops[index].link;
      clearTimeout(wait);
      wait = setTimeout(
        async () => {
          if (!(await show(href, { keep: true }))) return;
          stand(index, dragged ? Number(slider.value) : undefined);
          told.textContent = `Showing ${nameOf(index)}: ${document.querySelector('h1')?.textContent ?? ''}`;
        },
        dragged ? 80 : 150,
      );
    }

    /** What held at a place: the last stop before it, or the next where the finger is all but on it. */
    const indexAt = (place) =>
      Math.max(
        0,
        stops.findLastIndex((stop) => stop.place <= place + 1.5),
      );

    slider.addEventListener('pointerdown', () => {
      dragged = true;
    });
    slider.addEventListener('input', () => {
      const place = Number(slider.value);
      if (dragged) {
        const index = indexAt(place);
        if (index !== current) go(index, place);
        tellPlace(place);
      } else {
        // A step by other means, such as a screen reader's gestures.
        const index = Math.min(stops.length - 1, Math.max(0, current + Math.sign(place - stops[current].place)));
        if (index !== current) go(index);
        else stand(index);
      }
    });
    const release = () => {
      if (!dragged) return;
      dragged = false;
      bubble.hidden = true;
      stand(current);
      steadily(() => {
        part('head').style.minHeight = '';
      });
    };
    for (const end of ['pointerup', 'pointercancel', 'change']) slider.addEventListener(end, release);
    slider.addEventListener('keydown', (event) => {
      const forward = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 5, PageDown: -5 }[event.key];
      const to = { Home: 0, End: stops.length - 1 }[event.key] ?? (forward && current + forward);
      if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const index = Math.min(stops.length - 1, Math.max(0, to));
      if (index !== current) go(index);
    });
    window.addEventListener('popstate', async () => {
      // Within the page nothing else is to be shown.
      if (addressOf(location) === shown) return;
      if (await show(location.href, { keep: false })) stand(readLine());
    });

    const index = readLine();
    const holder = Object.assign(document.createElement('div'), { className: 'line' });
    part('line').replaceWith(holder);
    holder.append(stops[0].link.closest('nav'), box);
    life.append(told);
    stand(index);
  }
}
