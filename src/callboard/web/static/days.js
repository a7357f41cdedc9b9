// One column a day: how much there was, and how much of it was poor or bad. Each day is a door.
import { withChanges } from './address.js'
import { h, s } from './dom.js'
import { count, plainDay } from './format.js'

const HIGH = 56

/** Columns for `[{day, count, bad_calls}]`; a click shows that day alone. */
export function dayColumns(days, one, many) {
  if (days.length < 2) return null
  const top = Math.max(...days.map(day => day.count), 1)
  return h('ol', { class: 'days-chart', 'aria-label': `${many} by day; poor or bad ones are marked` }, days.map((day, n) => {
    const [all, bad] = [day.count / top * HIGH, day.bad_calls / top * HIGH]
    const says = `${plainDay(day.day)}: ${count(day.count, one, many)}, ${day.bad_calls} poor or bad`
    const monday = new Date(`${day.day}T00:00:00Z`).getUTCDay() === 1
    return h('li', { class: monday || n === 0 ? 'week' : null },
      h('a', { href: withChanges({ from: day.day, to: day.day, range: '', page: '' }), title: says, 'aria-label': says },
        s('svg', { viewBox: `0 0 10 ${HIGH}`, height: HIGH, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
          s('rect', { x: 0, y: HIGH - all, width: 10, height: Math.max(0, all - bad), class: 'all' }),
          s('rect', { x: 0, y: HIGH - bad, width: 10, height: bad, class: 'bad' })),
        (monday && days.length < 100) || n === 0 ? h('span', {}, plainDay(day.day).replace(/^\S+\s/, '')) : null))
  }))
}
