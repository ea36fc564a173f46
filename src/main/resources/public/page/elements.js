/** Making elements: text always stays text, whatever a record holds. */

/**
 * @param {string} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** @param {string} id @returns {any} */
export function byId(id) {
  return document.getElementById(id);
}

/** Changes the text only when it differs, so that nothing is announced or laid out for nothing. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
