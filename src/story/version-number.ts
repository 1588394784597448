/** A version's number as somebody types it, in an address or in a form. */
export const parseVersionNumber = (typed: string): number | undefined =>
  /^[1-9]\d{0,8}$/.test(typed) ? Number(typed) : undefined;
