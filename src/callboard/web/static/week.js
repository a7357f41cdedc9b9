// Hours of the week as a table whose cells are the darker the more there was.
import { h } from './dom.js'
import { number, WEEKDAYS } from './format.js'

const STRONGEST = 42

/**
 * A table of weekdays by hours: `rows` are `{weekday, hour, ...}`, `value(row)` is the number of a cell, `says(row)` its
 * sentence, `href(row)` its door. Hours before the first and after the last with anything are left out.
 */
export function week(rows, { value, says, href, label, digits = 0 }) {
  const at = new Map(rows.map(row => [row.weekday * 24 + row.hour, row]))
  const used = rows.filter(row => value(row) > 0)
  if (!used.length) return null
  const [first, last] = [Math.min(...used.map(row => row.hour)), Math.max(...used.map(row => row.hour))]
  const hours = Array.from({ length: last - first + 1 }, (_, n) => first + n)
  const top = Math.max(...used.map(value))
  const cell = (weekday, hour) => {
    const row = at.get(weekday * 24 + hour)
    const much = row ? value(row) : 0
    if (!much) return h('td', {}, h('span', { class: 'hidden' }, 'none'))
    const text = number(much, digits)
    return h('td', { style: { '--level': `${Math.round(much / top * STRONGEST)}%` }, title: says(row) }, href ? h('a', { href: href(row), 'aria-label': says(row) }, text) : text)
  }
  return h('div', { class: 'table-scroll week-box', tabindex: 0, role: 'region', 'aria-label': label }, h('table', { class: 'week' }, h('caption', { class: 'hidden' }, label),
    h('thead', {}, h('tr', {}, h('td', {}), hours.map(hour => h('th', { scope: 'col' }, String(hour).padStart(2, '0'))))),
    h('tbody', {}, WEEKDAYS.map((day, n) => h('tr', {}, h('th', { scope: 'row' }, day.slice(0, 3)), hours.map(hour => cell(n + 1, hour)))))))
}

/** The sentence of when something is at its most. */
export const hoursOf = row => `${WEEKDAYS[row.weekday - 1]} ${String(row.hour).padStart(2, '0')}–${String((row.hour + 1) % 24).padStart(2, '0')}`
