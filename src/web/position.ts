/** The header that writes are answered with, and that is sent back to write, or by staff to read, where it is known. */

export const position = {
  name: 'Palimpsest-Position',
  required: false,
  description:
    'As a write’s answer gave it: this node has that change before it goes on, or answers 503. To read, of staff alone.',
};
