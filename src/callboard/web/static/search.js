// The search box: finds by topic, person, meeting id and room while one types.
import { get, segment } from './api.js'
import { h, say } from './dom.js'
import { dayTime } from './format.js'

const DOORS = { meeting: '/meetings/', webinar: '/webinars/', person: '/people/', room: '/rooms/' }
const WAIT = 120

/** Where something that was found leads. */
export const door = found => DOORS[found.type] + segment(found.id)

/** Make the box of the frame work. */
export function startSearch(form) {
  const [input, list] = [form.elements.q, form.querySelector('#found')]
  let timer, asking, marked = -1

  const options = () => [...list.querySelectorAll('[data-href]')]
  const close = () => {
    list.hidden = true
    marked = -1
    input.setAttribute('aria-expanded', 'false')
    input.removeAttribute('aria-activedescendant')
  }
  const mark = to => {
    const all = options()
    if (!all.length) return
    marked = (to + all.length) % all.length
    all.forEach((option, n) => option.setAttribute('aria-selected', n === marked))
    input.setAttribute('aria-activedescendant', all[marked].id)
    all[marked].scrollIntoView({ block: 'nearest' })
  }
  const draw = found => {
    marked = -1
    list.replaceChildren(...(found.length ? found.map((one, n) =>
      h('li', { role: 'option', id: `found-${n}`, 'data-href': door(one), 'aria-selected': 'false', onclick: () => location.assign(door(one)) },
        h('span', {}, one.title || 'Untitled', one.detail ? h('span', { class: 'quiet' }, ` ${one.detail}`) : null),
        h('span', { class: 'kind' }, one.time ? [dayTime(one.time), ' · '] : null, one.type)))
      : [h('li', { class: 'none', role: 'option', 'aria-disabled': 'true' }, 'Nothing found. Search looks at topics, names, mail addresses, meeting ids and rooms.')]))
    list.hidden = false
    input.setAttribute('aria-expanded', 'true')
    say(found.length ? `${found.length} found` : 'Nothing found')
  }
  const ask = async () => {
    asking?.abort()
    const q = input.value.trim()
    if (q.length < 2) return close()
    asking = new AbortController()
    try {
      draw((await get('/v1/search', { q }, asking.signal)).found)
    } catch (error) {
      if (error.name === 'AbortError') return
      list.replaceChildren(h('li', { class: 'none', role: 'option', 'aria-disabled': 'true' }, `Search failed. ${error.message}`))
      list.hidden = false
    }
  }
  input.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(ask, WAIT) })
  input.addEventListener('focus', () => { if (input.value.trim().length > 1 && list.hidden) ask() })
  input.addEventListener('keydown', event => {
    if (event.key === 'ArrowDown') { event.preventDefault(); mark(marked + 1) }
    else if (event.key === 'ArrowUp') { event.preventDefault(); mark(marked - 1) }
    else if (event.key === 'Escape' && !list.hidden) { event.preventDefault(); event.stopPropagation(); close() }
  })
  form.addEventListener('submit', event => {
    const option = options()[marked]
    if (option || input.value.trim().length < 2) event.preventDefault()
    if (option) location.assign(option.dataset.href)
  })
  form.addEventListener('focusout', event => { if (!form.contains(event.relatedTarget)) setTimeout(close, 150) })
}
