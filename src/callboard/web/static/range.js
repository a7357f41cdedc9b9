// The range that a page is about: `range=30d`, or `from` and `to`; days are whole and UTC.
import { asked, change, listen } from './address.js'
import { plainDay } from './format.js'

const DAY = 86400000
const date = time => new Date(time).toISOString().slice(0, 10)
const NAMED = { today: 'Today', yesterday: 'Yesterday', '7d': 'Last 7 days', '30d': 'Last 30 days', '90d': 'Last 90 days', '180d': 'Last 180 days' }
const USUAL = '30d'

/** `{from, to, says, days}` of the address. */
export function range() {
  const [from, to] = [asked('from'), asked('to')]
  if (/^\d{4}-\d\d-\d\d$/.test(from) && /^\d{4}-\d\d-\d\d$/.test(to)) {
    return { from, to, says: from === to ? plainDay(from) : `${plainDay(from)} – ${plainDay(to)}`, days: Math.round((Date.parse(to) - Date.parse(from)) / DAY) + 1 }
  }
  const name = asked('range', USUAL) in NAMED ? asked('range', USUAL) : USUAL
  const today = Date.now()
  if (name === 'today') return { from: date(today), to: date(today), says: NAMED[name], days: 1 }
  if (name === 'yesterday') return { from: date(today - DAY), to: date(today - DAY), says: NAMED[name], days: 1 }
  const days = parseInt(name)
  return { from: date(today - (days - 1) * DAY), to: date(today), says: NAMED[name], days }
}

/** Parameters for a link to another page about the same range. */
export const rangeParams = () =>
  asked('from') && asked('to') ? { from: asked('from'), to: asked('to') } : asked('range') ? { range: asked('range') } : {}

/** Make the picker of the frame work. */
export function startRange(menu) {
  const form = menu.querySelector('form')
  const show = () => {
    const now = range()
    menu.querySelector('.range-says').textContent = now.says
    form.elements.from.value = now.from
    form.elements.to.value = now.to
    const name = asked('from') ? '' : asked('range', USUAL)
    form.querySelectorAll('.presets button').forEach(button => button.setAttribute('aria-pressed', button.value === name))
  }
  const choose = changes => {
    menu.open = false
    menu.querySelector('summary').focus()
    change({ range: '', from: '', to: '', page: '', ...changes })
  }
  form.querySelector('.presets').addEventListener('click', event => {
    if (event.target.value) choose({ range: event.target.value })
  })
  form.addEventListener('submit', event => {
    event.preventDefault()
    const days = [form.elements.from.value, form.elements.to.value].sort()
    choose({ from: days[0], to: days[1] })
  })
  listen(show)
  show()
}
