/** Leads from change to change of a comparison, by buttons or the keys n and p; copies the address to share; shuts notes. */
{
  const changes = document.querySelector('[data-part="changes"]');
  const views = document.querySelector('.views');
  if (changes && views) lead();
  for (const link of document.querySelectorAll('a[data-copy]')) offerCopy(link);
  if (document.querySelector('.why')) shutByEscape();

  function button(text, press) {
    const made = Object.assign(document.createElement('button'), { type: 'button', className: 'quiet-button' });
    made.textContent = text;
    made.addEventListener('click', press);
    return made;
  }

  function lead() {
    const told = 'ins, del, .moved, .reformatted, small, .left';
    const places = [...changes.querySelectorAll('.pair:not(.heads), .block, h2, .fields')].filter(
      (one) =>
        !one.closest('details') &&
        !(one.matches('.block') && one.closest('.pair')) &&
        (one.matches('.new, .gone, .moved') || one.querySelector(told)),
    );
    if (places.length < 2) return;
    const on = 'palimpsest-keys';
    const steps = Object.assign(document.createElement('span'), { className: 'steps' });
    const where = document.createElement('span');
    where.setAttribute('role', 'status');
    where.textContent = `${places.length} changes`;
    // A key alone must be possible to turn off (WCAG 2.1.4).
    const keys = button('Keys n and p', () => tellKeys(keys.getAttribute('aria-pressed') !== 'true'));
    const tellKeys = (are) => {
      keys.setAttribute('aria-pressed', String(are));
      keys.textContent = `Keys n and p ${are ? 'on' : 'off'}`;
      try {
        localStorage.setItem(on, are ? '1' : '0');
      } catch {}
    };
    let kept = '1';
    try {
      kept = localStorage.getItem(on) ?? '1';
    } catch {}
    let at = -1;
    const go = (by) => {
      at = Math.min(Math.max(at + by, 0), places.length - 1);
      const place = places[at];
      place.tabIndex = -1;
      place.focus({ preventScroll: true });
      place.scrollIntoView({ block: 'center' });
      where.textContent = `Change ${at + 1} of ${places.length}`;
    };
    const gap = () => document.createTextNode(' ');
    steps.append(
      button('Previous change', () => go(-1)),
      gap(),
      button('Next change', () => go(1)),
      gap(),
      where,
      gap(),
      keys,
    );
    views.after(steps);
    tellKeys(kept === '1');
    addEventListener('keydown', (event) => {
      if (keys.getAttribute('aria-pressed') !== 'true') return;
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.('input, select, textarea')) return;
      if (event.key === 'n') go(1);
      else if (event.key === 'p') go(-1);
    });
  }

  /** What comes up beside a passage goes by Escape too (WCAG 1.4.13), until the passage is come to again. */
  function shutByEscape() {
    addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      for (const passage of document.querySelectorAll('.by:is(:hover, :focus-within)')) {
        passage.classList.add('shut');
        const open = () => passage.classList.remove('shut');
        passage.addEventListener('mouseleave', open, { once: true });
        passage.addEventListener('focusout', open, { once: true });
      }
    });
  }

  function offerCopy(link) {
    if (!navigator.clipboard) return;
    const copy = button('Copy', async () => {
      await navigator.clipboard.writeText(link.href);
      copy.textContent = 'Copied';
    });
    link.after(' ', copy);
  }
}
