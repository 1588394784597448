/** Preloaded into a service node by tests: its clock goes wrong by CLOCK_OFF milliseconds. No setting of the service can. */
const off = Number(process.env.CLOCK_OFF);
const now = Date.now.bind(Date);
Date.now = () => now() + off;
globalThis.Date = new Proxy(Date, {
  construct: (target, given, made) => Reflect.construct(target, given.length > 0 ? given : [target.now()], made),
});
