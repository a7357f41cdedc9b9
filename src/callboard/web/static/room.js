// One room: what it is in now, what was wrong with it, its devices, its meetings.
import { get, query, segment } from './api.js'
import { idOfPath } from './address.js'
import { fill, h, slot } from './dom.js'
import { ago, count, dayTime, length, number, quality } from './format.js'
import { empty, into, page } from './page.js'
import { range, rangeParams } from './range.js'
import { bookings, healths, HEALTH, STATUS, usage } from './room_data.js'
import { share } from './share.js'
import { pageParams, table } from './table.js'
import { tiles } from './tiles.js'

const id = idOfPath()
const api = `/v2/metrics/zoomrooms/${segment(id)}`
const SIZE = 300
const SHOWN = 8
const dated = () => ({ from: range().from, to: range().to })
const mine = async asking => (await asking).rooms.find(room => room.room_id === id)

function answer(room, health) {
  const said = [`${STATUS[room.status] ?? room.status}`]
  if (room.live_meeting.uuid) said.push(': ', h('a', { href: `/meetings/${segment(room.live_meeting.uuid)}` }, room.live_meeting.topic || 'a meeting'))
  said.push('. ')
  const open = health?.open_issues ?? []
  said.push(open.length ? `${open.map(one => one.issue).join(', ')} since ` : 'Nothing is wrong with it now. ', open.length ? ago(open[0].since) : null, open.length ? '. ' : null)
  if (health) said.push(health.times_offline ? `It was offline ${count(health.times_offline, 'time')} ${range().says.toLowerCase()}, ${length(health.offline_minutes * 60)} in all.` : `It was online all of ${range().says.toLowerCase()}.`)
  return said
}

function figures(use, health, booked) {
  return tiles([
    { label: 'Used of working hours', value: number(use.share_of_working_hours * 100, 1), unit: '%', change: `${number(use.used_minutes / 60, 1)} h in ${count(use.meetings, 'meeting')}`, href: '#meetings', title: 'Monday to Friday, 8 to 18' },
    { label: 'People in it, mean', value: use.mean_people ? number(use.mean_people, 1) : '–', unit: use.capacity ? `of ${number(use.capacity)} seats` : '', change: use.peak_people ? `at most ${number(use.peak_people)}` : 'No sensor counts them', href: '#meetings' },
    { label: 'Booked time that was used', value: booked.booked_minutes ? number(booked.share_of_booked_used * 100, 1) : '–', unit: booked.booked_minutes ? '%' : '', change: booked.bookings ? `nobody came to ${number(booked.no_shows)} of ${number(booked.bookings)}` : 'No bookings known', href: `/rooms${query({ sort: 'no_shows', ...rangeParams() })}#rooms` },
    { label: 'Online', value: number(health.share_online * 100, 1), unit: '%', change: count(health.issues_raised, 'issue'), worse: health.share_online < 0.99, href: '#issues' },
  ])
}

const DEVICES = [
  { key: 'type', title: 'Device', card: 'title', cell: one => one.type },
  { key: 'name', title: 'Model', card: 'line', cell: one => one.name || '–' },
  { key: 'status', title: 'State', card: 'state', cell: one => quality(one.status === 'Online' ? 'good' : one.status === 'Offline' ? 'bad' : '', one.status || 'Unknown') },
  { key: 'version', title: 'Version', card: 'line', cell: one => h('span', { title: one.system || null }, one.version || '–') },
]
const MEETINGS = [
  { key: 'topic', title: 'Topic', card: 'title', value: row => row.topic, cell: row => row.topic || 'Untitled' },
  { key: 'start', title: 'Began', card: 'line', desc: true, value: row => row.start_time, cell: row => dayTime(row.start_time) },
  { key: 'length', title: 'Length', number: true, card: 'state', cell: row => row.duration },
  { key: 'joins', title: 'Joins', number: true, value: row => row.participants, cell: row => number(row.participants) },
  { key: 'host', title: 'Host', card: 'line', value: row => row.host, cell: row => row.host || '–' },
]

/** What was raised how often, then each time. */
function issues(health, raised) {
  const open = health?.open_issues ?? []
  if (!open.length && !raised.length) return empty('No issues.', 'None was raised in this range, and none is open.')
  const often = new Map()
  for (const one of raised) often.set(one.issue, (often.get(one.issue) ?? 0) + 1)
  const times = list => h('ol', { class: 'list' }, list.map(one => h('li', {}, one.issue, h('span', { class: 'quiet' }, ', '), ago(one.time))))
  const newest = [...raised].reverse()
  return [
    open.length ? h('ul', { class: 'list' }, open.map(one => h('li', {}, quality('bad', one.issue), h('span', { class: 'quiet' }, ' open since '), ago(one.since)))) : h('p', {}, 'None is open.'),
    raised.length ? h('p', { class: 'quiet' }, [...often].sort((a, b) => b[1] - a[1]).map(([issue, many]) => `${issue} ${number(many)}×`).join(', ')) : null,
    times(newest.slice(0, SHOWN)),
    newest.length > SHOWN ? h('details', {}, h('summary', {}, `${number(newest.length - SHOWN)} more`), times(newest.slice(SHOWN))) : null,
  ]
}

page(signal => {
  const asking = get(api, { ...dated(), ...pageParams(SIZE) }, signal)
  const [use, health, booked] = [usage(signal), healths(signal), bookings(signal)]
  for (const one of [asking, use, health, booked]) one.catch(() => {})
  fill(slot('tools'), share())
  into('counts', async () => {
    const room = await asking
    document.title = `${room.room_name} · Callboard`
    document.querySelector('h1').textContent = room.room_name
    return [quality(HEALTH[room.health]?.[0] ?? '', HEALTH[room.health]?.[1]), ' ', [room.location, room.email].filter(Boolean).join(' · ')]
  }, signal)
  into('answer', async () => answer(await asking, await mine(health)), signal)
  into('tiles', async () => figures(await mine(use), await mine(health), await mine(booked)), signal)
  into('issues', async () => {
    const found = await get(`/v2/metrics/issues/zoomrooms/${segment(id)}`, { ...dated(), page_size: 100 }, signal)
    return issues(await mine(health), found.issue_details)
  }, signal)
  into('devices', async () => {
    const { devices } = (await mine(health)) ?? { devices: [] }
    return table({ rows: devices, columns: DEVICES, label: 'Devices', one: 'device', sticky: false, empty: empty('No device is known.', 'No webhook tells of devices: load them through /v1/facts/room_devices, or mirror the account.') })
  }, signal)
  into('table', async () => {
    const { past_meetings: past } = await asking
    return table({
      rows: past.meetings, columns: MEETINGS, label: 'Meetings', one: 'meeting', local: true, sort: 'start', order: 'desc', total: past.total_records, next: past.next_page_token, size: SIZE, href: row => `/meetings/${segment(row.uuid)}`,
      empty: empty('It was in no meeting in this range.', 'Take a longer one above.'),
    })
  }, signal)
})
