// How a page loads: each box by itself, so that what fails leaves the rest standing.
import { listen } from './address.js'
import { fill, h, slot } from './dom.js'

let current = new AbortController()

/** Run `load` now, and again whenever the address changes; what was under way then is dropped. */
export function page(load) {
  const run = () => {
    current.abort()
    current = new AbortController()
    load(current.signal)
  }
  listen(run)
  run()
}

/** Fill a box with what `work` makes; an error is drawn in it, with a way to try again, unless one `beside` it tells the same. */
export async function into(name, work, signal = current.signal, beside = false) {
  const box = typeof name === 'string' ? slot(name) : name
  if (!box) return
  if (!box.hasAttribute('aria-busy')) box.classList.add('stale')
  try {
    const made = await work(signal)
    if (!signal.aborted) fill(box, made)
  } catch (error) {
    if (error.name === 'AbortError' || signal.aborted) return
    if (error.status === undefined) console.error(error)
    fill(box, beside ? '' : failed(error, () => into(box, work, new AbortController().signal)))
  }
}

/** Something failed: what, which request, try again. */
export function failed(error, again) {
  if (error.status === 403) {
    return h('div', { class: 'state' }, h('p', {}, h('strong', {}, 'Your role does not cover this. ')), h('p', {}, error.message))
  }
  return h('div', { class: 'state wrong', role: 'alert' },
    h('p', {}, h('strong', {}, 'This could not be loaded. '), error.status === undefined ? 'The page met something that it did not expect.' : error.message),
    error.request ? h('p', { class: 'quiet' }, 'Request ', h('code', {}, error.request)) : null,
    again ? h('p', {}, h('button', { type: 'button', onclick: again }, 'Try again')) : null)
}

/** Nothing there: why, and what to do. */
export const empty = (why, ...what) => h('div', { class: 'state' }, h('p', {}, h('strong', {}, why)), what.length ? h('p', {}, what) : null)
