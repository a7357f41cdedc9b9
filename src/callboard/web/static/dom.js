// Elements made in code: text is always text, so nothing from outside becomes markup.

const SVG = 'http://www.w3.org/2000/svg'

function make(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
    else if (name === 'style') for (const [key, set] of Object.entries(value)) element.style.setProperty(key, set)
    else element.setAttribute(name, value === true ? '' : value)
  }
  element.append(...children.flat(9).filter(child => child !== null && child !== undefined && child !== false))
  return element
}

/** An HTML element: `h('a', {href: '/'}, 'Now')`. `style` is an object, `onclick` a function. */
export const h = (tag, attributes, ...children) => make(document.createElement(tag), attributes, children)

/** An SVG element. */
export const s = (tag, attributes, ...children) => make(document.createElementNS(SVG, tag), attributes, children)

/** The box of the frame that is waiting for this data. */
export const slot = name => document.querySelector(`[data-slot="${name}"]`)

/** Put data where grey blocks were. */
export function fill(box, ...children) {
  if (!box) return
  box.classList.remove('stale')
  box.removeAttribute('aria-busy')
  box.replaceChildren(...children.flat(9).filter(child => child !== null && child !== undefined && child !== false))
}

/** Tell those who can't see the change. */
export const say = text => { document.getElementById('said').textContent = text }

/** The elements of a list with something between them. */
export const between = (items, what = ', ') => items.flatMap((item, n) => (n ? [what, item] : [item]))
