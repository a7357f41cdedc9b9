// One participant's streams, minute by minute, under the lane and on its axis: in and out on one strip each.
import { h, s } from './dom.js'
import { clock, clockTime, number, unit, QUALITY, BANDS } from './format.js'
import { minuteAt, minutesTo } from './lanes.js'

const MEDIA = { audio: 'Audio', video: 'Video', sharing: 'Sharing' }
const HIGH = 40
/** Strips of a medium: `[title, unit, fields]`; a field is what the API calls it without medium and way. */
const OF_MEDIUM = [
  ['Bitrate', 'kbit/s', 'bitrate_kbps', 0], ['Latency', 'ms', 'latency_ms', 0], ['Jitter', 'ms', 'jitter_ms', 0],
  ['Loss', '%', 'loss_percent', 1], ['Frame rate', 'fps', 'fps', 0], ['Resolution', 'lines', 'height', 0],
]
const WAYS = [['in', 'input'], ['out', 'output']]

/** The strips to draw: `{title, unit, digits, series: [{name, values}]}`, those without any value left out. */
function stripsOf(minutes, medium) {
  const of = field => minutes.map(row => row?.[field] ?? null)
  const found = OF_MEDIUM.map(([title, name, field, digits]) => ({
    title, unit: name, digits, series: WAYS.map(([way, long]) => ({ name: way, values: of(`${medium}_${long}_${field}`) })),
  }))
  found.push({ title: 'CPU', unit: '%', digits: 0, series: [{ name: 'Zoom', values: of('zoom_cpu_percent') }, { name: 'all', values: of('system_cpu_percent') }] })
  found.push({ title: 'Wi-Fi signal', unit: 'dBm', digits: 0, below: true, series: [{ name: 'signal', values: of('signal_dbm') }] })
  return found.map(strip => ({ ...strip, series: strip.series.filter(one => one.values.some(value => value !== null)) })).filter(strip => strip.series.length)
}

const known = values => values.filter(value => value !== null)
function nice(value) {
  const step = 10 ** Math.floor(Math.log10(value || 1))
  return [1, 2, 2.5, 5, 10].map(one => one * step).find(one => one >= value) ?? value
}

/** A line of values; a gap is a gap, and a lone minute is a dot. */
function line(values, low, high, index) {
  const y = value => HIGH - 2 - ((value - low) / (high - low || 1)) * (HIGH - 4)
  let d = ''
  values.forEach((value, n) => {
    if (value === null) return
    const before = n > 0 && values[n - 1] !== null
    d += `${before ? 'L' : 'M'}${n + 0.5} ${y(value).toFixed(1)}`
    if (!before && (n + 1 >= values.length || values[n + 1] === null)) d += 'h.01'
  })
  return s('path', { d, class: `series-${index + 1}` })
}

function strip(meeting, one) {
  const all = one.series.flatMap(series => known(series.values))
  const high = one.below ? 0 : nice(Math.max(...all))
  const low = one.below ? -100 : 0
  const reads = one.series.map((series, n) => h('span', { class: `read series-${n + 1}`, 'data-series': n }))
  const worst = values => (one.below ? Math.min(...known(values)) : Math.max(...known(values)))
  const rest = one.series.map(series => `${series.name} ${one.below || ['Frame rate', 'Resolution', 'Bitrate'].includes(one.title) ? 'least' : 'most'} ${number(['Frame rate', 'Resolution', 'Bitrate'].includes(one.title) ? Math.min(...known(series.values)) : worst(series.values), one.digits)}`).join(', ')
  const node = h('div', { class: 'lane strip' },
    h('span', { class: 'who' }, h('span', { class: 'name' }, one.title), h('span', { class: 'quiet' }, ` ${one.unit}`),
      h('span', { class: 'top-of' }, number(high)), h('span', { class: 'zero-of' }, number(low))),
    h('div', { class: 'track' },
      s('svg', { viewBox: `0 0 ${meeting.minutes} ${HIGH}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': `${one.title} in ${one.unit}: ${rest}` }, one.series.map((series, n) => line(series.values, low, high, n)))),
    h('span', { class: 'note-of reads' }, reads))
  const show = n => one.series.forEach((series, at) => {
    const value = n === null ? null : series.values[n]
    reads[at].textContent = n === null ? rest.split(', ')[at] : `${series.name} ${value === null ? '–' : unit(value, one.unit, one.digits)}`
  })
  show(null)
  return { node, show }
}

function table(minutes, medium) {
  const fields = OF_MEDIUM.flatMap(([title, name, field, digits]) => WAYS.map(([way, long]) => [`${title} ${way}, ${name}`, `${medium}_${long}_${field}`, digits]))
    .concat([['CPU Zoom, %', 'zoom_cpu_percent', 0], ['CPU all, %', 'system_cpu_percent', 0]])
    .filter(([, field]) => minutes.some(row => row && row[field] !== null && row[field] !== undefined))
  return h('div', { class: 'table-scroll' }, h('table', { class: 'rows' },
    h('caption', { class: 'hidden' }, `${MEDIA[medium]} minute by minute`),
    h('thead', {}, h('tr', {}, ['Minute', 'Quality', 'Cause', ...fields.map(([title]) => title)].map((title, n) => h('th', { scope: 'col', class: n > 2 ? 'number' : null }, title)))),
    h('tbody', {}, minutes.filter(Boolean).map(row => h('tr', {}, h('td', {}, clockTime(row.time)), h('td', {}, QUALITY[BANDS[row[medium]]]), h('td', { class: row.evidence ? 'wrap' : null }, row.evidence || row.cause),
      fields.map(([, field, digits]) => h('td', { class: 'number' }, number(row[field], digits))))))))
}

/** The panel of one participant: `found` is the answer about their minutes. `state`: `{medium, table}`, `set(changes)`. */
export function panel(meeting, lane, found, state, set) {
  const rows = Array(meeting.minutes).fill(null)
  for (const row of found.minutes) {
    const n = Math.floor(minutesTo(meeting, row.time))
    if (n >= 0 && n < rows.length) rows[n] = row
  }
  const there = Object.keys(MEDIA).filter(medium => found.minutes.some(row => WAYS.some(([, way]) => row[`${medium}_${way}_bitrate_kbps`] !== null && row[`${medium}_${way}_bitrate_kbps`] !== undefined)))
  const worstOf = medium => found.minutes.filter(row => row[medium] >= 3).length
  const medium = there.includes(state.medium) ? state.medium : there.sort((a, b) => worstOf(b) - worstOf(a) || Object.keys(MEDIA).indexOf(a) - Object.keys(MEDIA).indexOf(b))[0]
  const tabs = h('div', { class: 'panel-tools', role: 'group', 'aria-label': 'Medium' },
    Object.entries(MEDIA).filter(([name]) => there.includes(name)).map(([name, word]) => h('button', { type: 'button', 'aria-pressed': String(name === medium), onclick: () => set({ of: name }) }, `${word}${worstOf(name) ? ` · ${worstOf(name)} bad min` : ''}`)),
    h('button', { type: 'button', 'aria-pressed': String(Boolean(state.table)), onclick: () => set({ as: state.table ? '' : 'table' }) }, 'As a table'),
    lane.participant_user_id ? h('a', { class: 'button', href: `/people/${encodeURIComponent(lane.participant_user_id)}` }, `All of ${lane.name}`) : null)
  const read = h('p', { class: 'quiet panel-read', 'aria-live': 'off' })
  if (!there.length) return [tabs, h('p', { class: 'state' }, 'Nothing is known of these streams. QoS comes with Zoom’s QoS webhooks, or by mirroring the account.')]
  if (state.table) return [tabs, table(rows, medium)]
  const made = stripsOf(rows, medium).map(one => strip(meeting, one))
  const rest = 'Full line: in; dashed line: out. Move over a strip for one minute’s values.'
  const show = n => {
    made.forEach(one => one.show(n))
    const row = n === null ? null : rows[n]
    read.textContent = n === null ? rest : `${clock(minuteAt(meeting, n))}  ${row ? `${QUALITY[BANDS[row[medium]]]}${row.evidence ? `: ${row.evidence}` : ''}` : 'not there, or nothing known'}`
  }
  const box = h('div', { class: 'strips' }, made.map(one => one.node))
  box.addEventListener('pointermove', event => {
    const track = event.target.closest('.track')
    if (!track) return
    const at = track.getBoundingClientRect()
    const n = Math.max(0, Math.min(meeting.minutes - 1, Math.floor((event.clientX - at.left) / at.width * meeting.minutes)))
    box.style.setProperty('--at', `${(n + 0.5) / meeting.minutes * 100}%`)
    box.classList.add('reading')
    show(n)
  })
  box.addEventListener('pointerleave', () => { box.classList.remove('reading'); show(null) })
  show(null)
  return [tabs, read, box]
}
