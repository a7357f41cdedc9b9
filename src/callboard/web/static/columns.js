// Columns over days or months, from zero; a day of which nothing is known is a gap. Each is a door.
import { h } from './dom.js'
import { plainDay } from './format.js'

const HIGH = 110

/** `rows` are `{day: 'yyyy-mm-dd', value}`; `says(row)` is a sentence, `href(row)` a door, `title(row)` what is written below some.
 * A row may have `low` and `high`: its usual range, drawn behind as a band. */
export function columns(rows, { label, says, href, top, title = row => plainDay(row.day).replace(/^\S+\s/, '') }) {
  const known = rows.filter(row => row.value !== null && row.value !== undefined)
  if (!known.length) return null
  const most = Math.max(...known.map(row => Math.max(row.value, row.high ?? 0)), 0)
  const usual = row => (row.low === null || row.low === undefined || row.high === null || !most ? null : h('span', { class: 'usual', style: { bottom: `${row.low / most * HIGH}px`, height: `${Math.max(2, (row.high - row.low) / most * HIGH)}px` } }))
  const step = Math.ceil(rows.length / (innerWidth < 641 ? 4 : 8))
  return [
    h('p', { class: 'scale' }, top(most)),
    h('ol', { class: 'columns', 'aria-label': label }, rows.map((row, n) => {
      const missing = row.value === null || row.value === undefined
      const high = missing || !most ? 0 : Math.max(1, row.value / most * HIGH)
      return h('li', {}, h('a', { href: href(row), title: says(row), 'aria-label': says(row) }, h('span', { class: missing ? 'all none' : 'all', style: { height: `${high}px` } }), usual(row)),
        n % step === 0 ? h('span', { class: 'day', 'aria-hidden': 'true' }, title(row)) : null)
    })),
  ]
}
