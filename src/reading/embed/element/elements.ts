/** How its elements are made: of names, attributes and text, never of markup. */

export type Child = Node | string | false | null | undefined;

/** An element of these attributes and children. Text is only ever text. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Record<string, string | undefined>,
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(attribute, value);
  }
  made.append(...children.filter((child) => child !== false && child !== null && child !== undefined));
  return made;
}
