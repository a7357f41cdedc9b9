// The range that a page is about: `range=30d`, or `from` and `to`; and the one that it is compared with: `vs`. Days are whole and UTC.
import { asked, change, listen } from './address.js'
import { number, plainDay } from './format.js'

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

const SHORT = { '': 'vs before', weeks: 'vs 4 weeks before', year: 'vs a year before', own: 'vs other days', none: 'vs nothing' }
const FOUR_WEEKS = 28
const against = () => (asked('vs') in SHORT ? asked('vs') : '')
const shift = (day, days) => date(Date.parse(day) + days * DAY)
function yearBefore(day) {
  const [year, month, last] = day.split('-').map(Number)
  return date(Date.UTC(year - 1, month - 1, Math.min(last, new Date(Date.UTC(year - 1, month, 0)).getUTCDate())))
}

/** `{from, to, says}` of the period compared with; null for none. Weeks are as many fours as it takes not to overlap. */
export function versus() {
  const { from, to, days } = range()
  const of = against()
  if (of === 'none') return null
  if (of === 'own' && asked('vs_from') && asked('vs_to')) return { from: asked('vs_from'), to: asked('vs_to'), says: `${plainDay(asked('vs_from'))} – ${plainDay(asked('vs_to'))}` }
  if (of === 'year') return { from: yearBefore(from), to: yearBefore(to), says: 'the same days a year before' }
  if (of !== 'weeks') return { from: shift(from, -days), to: shift(to, -days), says: days === 1 ? 'the day before' : `the ${number(days)} days before` }
  const back = Math.ceil(days / FOUR_WEEKS) * FOUR_WEEKS
  return { from: shift(from, -back), to: shift(to, -back), says: `the same weekdays ${number(back / 7)} weeks before` }
}

/** Parameters for a link to another page about the same range, compared with the same. */
export const rangeParams = () => ({
  ...(asked('from') && asked('to') ? { from: asked('from'), to: asked('to') } : asked('range') ? { range: asked('range') } : {}),
  ...(against() ? { vs: against(), vs_from: asked('vs_from'), vs_to: asked('vs_to') } : {}),
})

/** Make a picker of the frame work: presets that are buttons, and days. `now()` is `{says, name, from, to}` of what is picked. */
function startPicker(menu, now, pick, pickDays) {
  const form = menu.querySelector('form')
  const show = () => {
    const { says, name, from, to } = now()
    menu.querySelector('summary span').textContent = says
    form.elements.from.value = from
    form.elements.to.value = to
    form.querySelectorAll('.presets button').forEach(button => button.setAttribute('aria-pressed', button.value === name))
  }
  const choose = changes => {
    menu.open = false
    menu.querySelector('summary').focus()
    change({ ...changes, page: '' })
  }
  form.querySelector('.presets').addEventListener('click', event => {
    if (event.target.matches('button')) choose(pick(event.target.value))
  })
  form.addEventListener('submit', event => {
    event.preventDefault()
    choose(pickDays(...[form.elements.from.value, form.elements.to.value].sort()))
  })
  listen(show)
  show()
}

/** Make the picker of the range work. */
export const startRange = menu => startPicker(menu, () => ({ ...range(), name: asked('from') ? '' : asked('range', USUAL) }),
  name => ({ range: name, from: '', to: '' }), (from, to) => ({ range: '', from, to }))

/** Make the picker of the period compared with work. */
export const startVersus = menu => startPicker(menu, () => ({ from: '', to: '', ...versus(), says: SHORT[against()], name: against() }),
  name => ({ vs: name, vs_from: '', vs_to: '' }), (from, to) => ({ vs: 'own', vs_from: from, vs_to: to }))
