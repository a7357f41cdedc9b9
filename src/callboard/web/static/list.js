// Meetings and webinars: live and past, filtered by the address.
import { get, query, segment } from './api.js'
import { again, asked, change, withChanges } from './address.js'
import { chart, expectChart } from './chart.js'
import { fill, h, slot } from './dom.js'
import { chips, filterMenu, filterParams, learn } from './filters.js'
import { ago, change as grown, count, dayTime, length, number, percent, plainDay, points, quality, QUALITY, unit, zone } from './format.js'
import { empty, into, page } from './page.js'
import { range, versus } from './range.js'
import { share } from './share.js'
import { pageParams, table } from './table.js'
import { tiles } from './tiles.js'
import { hearChanges } from './live.js'

const kind = location.pathname.startsWith('/webinars') ? 'webinar' : 'meeting'
const api = `/v1/${kind}s`
const TYPES = { past: 'Past', live: 'Live', pastOne: 'One person only' }
const FORMATS = { csv: 'CSV', xlsx: 'Excel', parquet: 'Parquet' }
const SIZE = 50

const COLUMNS = [
  { key: 'topic', title: 'Topic', sort: 'topic', card: 'title', cell: row => row.topic || 'Untitled' },
  { key: 'start', title: 'Began', sort: 'start', desc: true, card: 'line', cell: row => (row.live ? ago(row.start_time) : dayTime(row.start_time)) },
  { key: 'length', title: 'Length', sort: 'duration', number: true, cell: row => length(row.seconds) },
  { key: 'people', title: 'People', number: true, cell: row => number(row.people), says: 'Different people; a rejoin is not another one' },
  { key: 'quality', title: 'Quality', sort: 'bad', desc: true, card: 'state', says: 'By its share of poor and bad minutes', cell: row => (row.share_bad === null ? quality('', 'Not judged') : quality(row.band, [QUALITY[row.band], row.share_bad ? [' ', h('span', { class: 'quiet' }, percent(row.share_bad))] : null])) },
  { key: 'hit', title: 'People hit', off: true, number: true, says: 'People with a poor or bad minute', cell: row => (row.people_hit ? number(row.people_hit) : '') },
  { key: 'host', title: 'Host', sort: 'host', card: 'line', cell: row => row.host_name || '–' },
  { key: 'department', title: 'Department', cell: row => row.department || '–' },
  { key: 'sites', title: 'Sites', off: true, cell: row => row.sites.join(', ') || '–' },
  { key: 'features', title: 'Features', off: true, cell: row => row.features.map(name => name.replaceAll('_', ' ')).join(', ') },
  { key: 'platform', title: 'Platform', off: true, cell: row => row.platform },
  { key: 'joins', title: 'Joins', sort: 'participants', number: true, cell: row => number(row.participants) },
  { key: 'hours', title: 'Hours of people', off: true, number: true, cell: row => number(row.person_seconds / 3600, 1) },
  { key: 'number', title: 'Meeting id', off: true, number: true, cell: row => String(row.number || '–') },
  { key: 'email', title: 'Mail of the host', off: true, cell: row => row.host_email || '–' },
]

const type = () => (asked('type') in TYPES ? asked('type') : 'past')
/** Days are UTC days, as those of the range; weekdays and hours that one filters by are the reader's own. */
const ofZone = () => (asked('weekday') || asked('hour') ? { timezone: zone } : {})
const params = () => ({ ...filterParams(), type: type(), ...ofZone(), ...(type() === 'live' ? {} : { from: range().from, to: range().to }) })
const order = () => ({ sort: asked('sort'), order: asked('order') })

function tools() {
  const types = h('span', { role: 'group', 'aria-label': 'Which' }, Object.entries(TYPES).map(([name, word]) =>
    h('button', { type: 'button', 'aria-pressed': String(type() === name), onclick: () => change({ type: name === 'past' ? '' : name, page: '' }) }, word)))
  const links = Object.entries(FORMATS).map(([format, word]) =>
    h('p', {}, h('a', { href: `/v1/export/browse_${kind}s${query({ ...params(), ...order(), format })}`, download: '' }, word)))
  const download = h('details', { class: 'menu', 'data-menu': 'download' }, h('summary', {}, 'Download'),
    h('div', { class: 'sheet' }, h('p', { class: 'quiet' }, 'All rows of this view, with these filters.'), links))
  return [types, share(), download]
}

function filterBar() {
  const find = h('form', { role: 'search', 'aria-label': `Filter ${kind}s`, onsubmit: event => { event.preventDefault(); change({ q: find.elements.q.value.trim(), page: '' }) } },
    h('input', { name: 'q', type: 'search', value: asked('q'), placeholder: 'Topic, host or number', 'aria-label': 'Topic, host or number', maxlength: 100 }))
  return [find, filterMenu(Object.keys(FILTERS_SHOWN)), ...chips()]
}
const FILTERS_SHOWN = Object.fromEntries(['host', 'department', 'site', 'platform', 'quality', 'feature', 'min_participants', 'max_participants', 'min_minutes', 'max_minutes', 'weekday'].map(name => [name, 1]))

/** How the summary is asked about the period compared with. */
function compared() {
  const past = versus()
  return past ? { before_from: past.from, before_to: past.to } : { compare: 'none' }
}

/** Whether enough is known of the period compared with. */
const comparable = ({ total, before }) => before.count * 10 >= total.count && before.count > 0

function answer(sum) {
  const { total, before } = sum
  if (!total.count) return `No ${kind}s ${range().says.toLowerCase()} with these filters.`
  if (total.share_bad === null) return `${count(total.count, kind)}, and nothing is known of their quality: no QoS came with them.`
  const said = [`${percent(1 - total.share_bad)} good minutes`]
  if (before.share_bad !== null && comparable(sum)) {
    const moved = before.share_bad - total.share_bad
    said.push(Math.abs(moved) < 0.0005 ? `as in ${versus().says}` : `${points(Math.abs(moved)).replace('+', '')} points ${moved > 0 ? 'over' : 'under'} ${versus().says}`)
  }
  const bad = total.bad_calls
    ? [h('a', { href: withChanges({ quality: 'poor,bad', page: '' }) }, count(total.bad_calls, `poor or bad ${kind}`)), ` of ${number(total.count)}.`]
    : [`none of ${count(total.count, kind)} was poor or bad.`]
  return [said.join(', '), '; ', ...bad]
}

function figures(sum) {
  const { total, before, days } = sum
  const past = versus()?.says
  const known = comparable(sum)
  const told = text => (past ? text : '')
  const against = text => told(known && text ? `${text} on ${past}` : `Next to nothing in ${past}`)
  const moved = !known || total.share_bad === null || before.share_bad === null ? null : before.share_bad - total.share_bad
  return tiles([
    { label: `Hours of ${kind}s`, value: number(total.seconds / 3600), unit: 'h', change: against(grown(total.seconds, before.seconds)), line: days.map(day => day.seconds), href: withChanges({ sort: 'duration', order: 'desc', page: '' }) },
    { label: 'Good minutes', value: total.share_bad === null ? '–' : number((1 - total.share_bad) * 100, 1), unit: total.share_bad === null ? '' : '%', change: told(moved === null ? `Not known of ${past}` : `${points(moved)} points on ${past}`), worse: moved < -0.01, line: days.map(day => (day.share_bad === null ? null : 1 - day.share_bad)), floating: true, href: withChanges({ sort: 'bad', order: 'desc', page: '' }) },
    { label: `Poor or bad ${kind}s`, value: number(total.bad_calls), unit: `of ${number(total.count)}`, change: told(`${number(before.bad_calls)} in ${past}`), worse: known && total.bad_calls > before.bad_calls * 1.5 + 3, line: days.map(day => day.bad_calls), href: withChanges({ quality: 'poor,bad', page: '' }) },
    { label: `People in a ${kind}`, value: number(total.people_average, 1), unit: 'on average', change: against(grown(total.people_average, before.people_average)), line: days.map(day => day.people_average), href: withChanges({ sort: 'participants', order: 'desc', page: '' }) },
  ])
}

/** Each day's calls, poor or bad ones below; a day is a door to its own. */
function byDay(days) {
  if (days.length < 2) return null
  const title = `${kind === 'meeting' ? 'Meetings' : 'Webinars'} by day; poor or bad ones are marked`
  const rows = days.map(({ day, count: all, bad_calls: bad }) => ({
    day, bad_calls: bad, rest: all - bad, says: `${plainDay(day)}: ${count(all, kind)}, ${number(bad)} poor or bad`, href: withChanges({ from: day, to: day, range: '', page: '' }),
  }))
  return chart('calls_days', rows, { label: title })
}

function bands(sum) {
  const all = sum.bands.reduce((a, band) => a + band.count, 0) || 1
  return h('ul', { class: 'bands', 'aria-label': `${kind}s by quality` }, sum.bands.filter(band => band.count).map(band =>
    h('li', { style: { 'flex-grow': Math.max(band.count / all, 0.04) } },
      h('a', { href: withChanges({ quality: band.band || 'none', page: '' }), 'data-quality': band.band || 'none' }, quality(band.band, [QUALITY[band.band], ' ', number(band.count)])))))
}

let listening
page(signal => {
  fill(slot('tools'), tools())
  fill(slot('filters'), filterBar())
  const live = type() === 'live'
  if (!live) expectChart()
  slot('over').hidden = live
  const summary = live ? null : get(`${api}/summary`, { ...params(), ...compared() }, signal)
  summary?.catch(() => {})
  const liveCount = get(api, { type: 'live', page_size: 1 }, signal)
  into('counts', async () => {
    const now = await liveCount
    if (live) return count(now.total_records, `live ${kind}`)
    return [`${count((await summary).total.count, kind)}, `, h('a', { href: `/${kind}s?type=live` }, `${number(now.total_records)} live`)]
  }, signal, true)
  into('answer', async () => (live ? `What goes on at this moment; quality is of all minutes so far.` : answer(await summary)), signal, true)
  if (!live) {
    into('tiles', async () => figures(await summary), signal)
    into('days', async () => {
      const sum = await summary
      return [byDay(sum.days), bands(sum)]
    }, signal)
  }
  into('table', async () => {
    const found = await get(api, { ...params(), ...order(), ...pageParams(SIZE) }, signal)
    const rows = found[`${kind}s`]
    for (const row of rows) learn(row.host_id, row.host_name)
    if (asked('host')) fill(slot('filters'), filterBar())
    return table({
      rows, columns: COLUMNS, label: `${live ? 'Live' : 'Past'} ${kind}s`, one: kind, total: found.total_records, next: found.next_page_token, size: SIZE,
      sort: 'start', order: 'desc', choose: true, href: row => `/${kind}s/${segment(row.uuid)}`,
      empty: live ? empty(`No ${kind} is live.`, 'They show here the moment their webhook comes.')
        : empty(`No ${kind} fits.`, 'Take a longer range, or ', h('a', { href: location.pathname }, 'clear the filters'), '.'),
    })
  }, signal)
  if (live) listening ??= hearChanges(again, 3000)
  else listening = listening?.()
})
