/** The header that writes are answered with and that staff send back to ask, or write, where that write is known. */

export const position = {
  name: 'Palimpsest-Position',
  required: false,
  description: 'As a write’s answer gave it: this node has that change before it goes on, or answers 503.',
};
