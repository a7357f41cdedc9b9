// A line as small as a word. A gap is a gap.
import { s } from './dom.js'

/** A sparkline of values from old to new; null is not known; from zero unless `floating`. Says nothing to screen readers: the tile does. */
export function spark(values, floating = false) {
  const there = values.filter(value => value !== null && value !== undefined)
  if (there.length < 2) return null
  const [low, high] = [floating ? Math.min(...there) : Math.min(...there, 0), Math.max(...there)]
  const x = n => (n / (values.length - 1)) * 88
  const y = value => 22 - ((value - low) / (high - low || 1)) * 20
  let path = ''
  let pen = 'M'
  values.forEach((value, n) => {
    if (value === null || value === undefined) { pen = 'M'; return }
    path += `${pen}${x(n).toFixed(1)} ${y(value).toFixed(1)}`
    pen = 'L'
  })
  const last = values.length - 1
  return s('svg', { class: 'spark', viewBox: '0 0 88 24', 'aria-hidden': 'true' },
    s('path', { d: path }),
    values[last] === null || values[last] === undefined ? null : s('circle', { cx: x(last), cy: y(values[last]), r: 2 }))
}
