/** Tells every time in the reader's own zone. The exact one, in the publisher's, stays in its title. */
{
  const told = document.querySelector('[data-zone]');
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const publishers = told?.dataset.zone;

  const formats = new Map();
  function format(zone, options) {
    const key = zone + JSON.stringify(options);
    if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...options }));
    return formats.get(key);
  }
  const dayIn = (zone, date) => format(zone, { day: 'numeric', month: 'numeric', year: 'numeric' }).format(date);

  /** As the server tells it: see `timeText` in reading/times.tsx. */
  function words(date, show, everyDay) {
    const has = (letter) => show.includes(letter);
    const exact = has('x');
    const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
    const ms = date.getUTCMilliseconds();
    let text = format(own, { ...clock, ...((exact || has('s')) && { second: '2-digit' }) }).format(date);
    if (exact && ms) text += `.${String(ms).padStart(3, '0')}`;
    if (has('d') || (everyDay && !has('n'))) {
      const day = { day: 'numeric', month: has('w') ? 'long' : 'short' };
      if (has('w')) day.weekday = 'long';
      if (has('y')) day.year = 'numeric';
      text = `${format(own, day)
        .format(date)
        .replace(/^(\p{L}+), /u, '$1 ')}, ${text}`;
    }
    if (!has('z')) return text;
    const parts = format(own, { hour: '2-digit', timeZoneName: 'short' }).formatToParts(date);
    return `${text} ${parts.find(({ type }) => type === 'timeZoneName').value}`;
  }

  /** Where a time falls on another day than the publisher's, days left out would mislead: then all are named. */
  function tell() {
    const times = [...document.querySelectorAll('time[datetime], option[data-at]')].map((time) => [
      time,
      new Date(time.dateTime ?? time.dataset.at),
    ]);
    const everyDay = times.some(([, date]) => dayIn(own, date) !== dayIn(publishers, date));
    for (const [time, date] of times) {
      const text = (time.dataset.said ?? '') + words(date, time.dataset.show ?? '', everyDay);
      if (time.textContent !== text) time.textContent = text;
    }
  }

  /** A moment is chosen as the reader's own clocks show it, and asked for by its instant. */
  function choose(input) {
    const { at } = input.dataset;
    if (at) {
      const date = new Date(at);
      input.value = new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
    }
    input.form.addEventListener('formdata', ({ formData }) => {
      if (input.value) formData.set(input.name, new Date(input.value).toISOString());
    });
    for (const zone of input.form.querySelectorAll('[data-times]')) zone.textContent = 'Times are in your time zone.';
  }

  if (told && own && own !== publishers) {
    told.dataset.own = own;
    told.textContent = `Times are in your time zone, ${own}.`;
    const begin = (root) => {
      tell();
      for (const input of root.querySelectorAll('input[type=datetime-local]')) choose(input);
    };
    begin(document);
    // What another script brings in later; texts that change are no elements.
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) {
        for (const node of addedNodes) if (node instanceof Element) begin(node);
      }
    }).observe(document.querySelector('main'), { childList: true, subtree: true });
  }
}
