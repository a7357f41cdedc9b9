// One person: what they took part in, how it was for them, and why.
import { get, query, segment } from './api.js'
import { idOfPath } from './address.js'
import { fill, h, slot } from './dom.js'
import { count, dayTime, length, network, number, percent, quality, QUALITY } from './format.js'
import { empty, into, page } from './page.js'
import { range, rangeParams } from './range.js'
import { share } from './share.js'
import { pageParams, table } from './table.js'
import { tiles } from './tiles.js'

const id = idOfPath()
const api = `/v1/people/${segment(id)}`

const COLUMNS = [
  { key: 'topic', title: 'Topic', card: 'title', cell: row => row.topic || 'Untitled' },
  { key: 'start', title: 'Began', card: 'line', cell: row => dayTime(row.start_time) },
  { key: 'there', title: 'There', number: true, cell: row => length(row.person_seconds) },
  { key: 'quality', title: 'Quality for them', card: 'state', cell: row => (row.share_bad === null ? quality('') : quality(row.band, [QUALITY[row.band], row.share_bad ? h('span', { class: 'quiet' }, ` ${percent(row.share_bad)}`) : null])) },
  { key: 'host', title: 'Host', card: 'line', cell: row => (row.hosted ? 'themselves' : row.host_name || '–') },
  { key: 'network', title: 'Network', cell: row => network(row.network) || '–' },
  { key: 'device', title: 'Device', cell: row => row.device || '–' },
  { key: 'location', title: 'Place', cell: row => row.location || '–' },
]

function answer(person) {
  if (!person.meetings) return `No calls ${range().says.toLowerCase()}.`
  if (person.share_bad === null) return `${count(person.meetings, 'call')}; nothing is known of their quality.`
  return `${percent(1 - person.share_bad)} good minutes in ${count(person.meetings, 'call')}.`
}

/** The likely cause of most of their bad minutes, with its numbers. */
function why({ bad_minutes: bad, caused_calls: calls, caused_minutes: minutes, causes: [first] }) {
  if (!first) return ''
  const of = minutes < bad ? `Of ${count(minutes, 'bad minute')} in the worst ${count(calls, 'call')}` : `Of ${count(minutes, 'bad minute')}`
  const by = first.cause === 'unknown' ? 'of unknown cause' : `by ${first.cause}`
  const [numbers] = first.evidence.replace(/\.$/, '').split('; ')
  return `${of}, ${number(first.bad_minutes)} ${first.bad_minutes === 1 ? 'was' : 'were'} ${by}, in ${count(first.calls, 'call')} (at the worst: ${numbers[0].toLowerCase()}${numbers.slice(1)}).`
}

const DEVICES = [
  { key: 'device', title: 'Device', card: 'title', cell: row => [row.device, row.os].filter(Boolean).join(', ') || 'Unknown' },
  { key: 'version', title: 'Client', card: 'line', cell: row => row.version || '–' },
  { key: 'network', title: 'Network', card: 'line', cell: row => [network(row.network), row.location].filter(Boolean).join(', ') || '–' },
  { key: 'joins', title: 'Joins', number: true, cell: row => number(row.joins) },
  { key: 'bad', title: 'Bad minutes', number: true, card: 'state', cell: row => percent(row.share_bad) },
]

page(signal => {
  const params = { from: range().from, to: range().to }
  const asking = get(api, params, signal)
  asking.catch(() => {})
  fill(slot('tools'), share(), h('a', { class: 'button', href: `/meetings${query({ host: id, ...rangeParams() })}` }, 'Meetings they host'))
  into('counts', async () => {
    const person = await asking
    document.title = `${person.name} · Callboard`
    document.querySelector('h1').textContent = person.name || 'Somebody'
    return [person.department, person.site, person.email, person.version && `client ${person.version}`].filter(Boolean).join(' · ')
  }, signal)
  into('answer', async () => answer(await asking), signal, true)
  into('why', async () => ((await asking).bad_minutes ? why(await get(api, { ...params, causes: true }, signal)) : ''), signal, true)
  into('tiles', async () => {
    const person = await asking
    return tiles([
      { label: 'Calls', value: number(person.meetings), change: range().says, href: '#calls' },
      { label: 'In calls', value: number(person.minutes / 60, 1), unit: 'h', change: person.meetings ? `${length(person.minutes * 60 / person.meetings)} a call` : '', href: '#calls' },
      { label: 'Good minutes', value: person.share_bad === null ? '–' : number((1 - person.share_bad) * 100, 1), unit: person.share_bad === null ? '' : '%', change: `${number(person.bad_minutes)} bad of ${number(person.judged_minutes)} min`, href: `/meetings${query({ person: id, sort: 'bad', ...rangeParams() })}` },
    ])
  }, signal)
  into('devices', async () => {
    const { devices } = await asking
    return table({ rows: devices, columns: DEVICES, label: 'Devices and networks', one: 'device and network', many: 'devices and networks', sticky: false, empty: empty('No device is known.') })
  }, signal)
  into('table', async () => {
    const found = await get(`${api}/meetings`, { ...params, ...pageParams(50) }, signal)
    return table({ rows: found.meetings, columns: COLUMNS, label: 'Calls', one: 'call', total: found.total_records, next: found.next_page_token, size: 50, href: row => `/${row.kind}s/${segment(row.uuid)}`, empty: empty('No calls in this range.', 'Take a longer one above.') })
  }, signal)
})
