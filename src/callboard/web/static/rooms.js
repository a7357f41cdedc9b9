// Rooms: which are in trouble, which are worth their money, and when they are full.
import { asked, change } from './address.js'
import { query, segment } from './api.js'
import { bar } from './bars.js'
import { fill, h, slot } from './dom.js'
import { count, number, percent, quality, unit, zone } from './format.js'
import { empty, into, page } from './page.js'
import { range, rangeParams } from './range.js'
import { bookings, healths, HEALTH, siteOf, states, STATUS, usage } from './room_data.js'
import { share } from './share.js'
import { table } from './table.js'
import { tiles } from './tiles.js'
import { hoursOf, week } from './week.js'

const door = id => `/rooms/${segment(id)}${query(rangeParams())}`
const healthSign = (health, text) => quality(HEALTH[health]?.[0] ?? '', text ?? HEALTH[health]?.[1] ?? health)
const sum = (rows, value) => rows.reduce((all, row) => all + value(row), 0)
const NO_ROOMS = () => empty('No room is known.', 'Rooms come with Zoom’s Rooms and Workspaces webhooks, by mirroring the account, or through /v1/facts/rooms.')

function answer(rooms, use, booked) {
  if (!rooms.length) return 'No room is known.'
  const [critical, warning] = ['critical', 'warning'].map(health => rooms.filter(room => room.health === health).length)
  const wrong = [critical ? `${number(critical)} critical` : '', warning ? `${number(warning)} with a warning` : ''].filter(Boolean).join(' and ')
  const mean = sum(use.rooms, room => room.share_of_working_hours) / (use.rooms.length || 1)
  const least = [...use.rooms].sort((a, b) => a.used_minutes - b.used_minutes)[0]
  const missed = sum(booked, room => room.no_shows)
  const all = sum(booked, room => room.bookings)
  return [wrong ? h('a', { href: '#sites' }, `Of ${count(rooms.length, 'room')}, ${wrong}`) : `All ${count(rooms.length, 'room')} are well`,
    `. In the mean a room is used ${percent(mean, 0)} of the working hours; the least is `, h('a', { href: door(least.room_id) }, least.room_name), ` with ${percent(least.share_of_working_hours, 0)}.`,
    all ? ` Nobody came to ${number(missed)} of ${count(all, 'booking')}.` : '']
}

function figures(rooms, use, booked) {
  const inUse = rooms.filter(room => room.status === 'InMeeting').length
  const wrong = rooms.filter(room => room.health !== 'healthy').length
  const hours = sum(use.rooms, room => room.used_minutes) / 60
  const mean = sum(use.rooms, room => room.share_of_working_hours) / (use.rooms.length || 1)
  const [minutes, used] = [sum(booked, room => room.booked_minutes), sum(booked, room => room.used_booked_minutes)]
  return tiles([
    { label: 'Rooms in use now', value: number(inUse), unit: `of ${number(rooms.length)}`, change: `${number(rooms.filter(room => room.status === 'Offline').length)} offline`, href: '#sites' },
    { label: 'Rooms with an open issue', value: number(wrong), unit: `of ${number(rooms.length)}`, change: `${number(rooms.filter(room => room.health === 'critical').length)} critical`, worse: rooms.some(room => room.health === 'critical'), href: '#sites' },
    { label: 'Used of working hours', value: number(mean * 100, 1), unit: '%', change: `${number(hours)} h ${range().says.toLowerCase()}`, href: '#rooms', title: 'Monday to Friday, 8 to 18, the mean of all rooms' },
    { label: 'Booked time that was used', value: minutes ? number(used / minutes * 100, 1) : '–', unit: minutes ? '%' : '', change: minutes ? `${number(minutes / 60)} h booked` : 'No bookings known', href: '?sort=no_shows#rooms' },
  ])
}

function roomCard(room) {
  const said = room.issues.length ? room.issues.join(', ') : STATUS[room.status] ?? room.status
  return h('li', { class: 'room', 'data-health': room.health }, h('a', { href: door(room.id) },
    h('span', { class: 'name' }, room.room_name), healthSign(room.health, room.health === 'healthy' ? STATUS[room.status] ?? room.status : HEALTH[room.health][1]),
    h('span', { class: 'wide' }, room.health === 'healthy' ? room.location.split(',').slice(1).join(',').trim() || '–' : said),
    h('span', { class: 'wide' }, bar(room.share_of_working_hours, percent(room.share_of_working_hours, 0)))))
}

const WORST = ['critical', 'warning', 'healthy']
function sites(rooms) {
  if (!rooms.length) return NO_ROOMS()
  const groups = Map.groupBy ? Map.groupBy(rooms, siteOf) : rooms.reduce((made, room) => made.set(siteOf(room), [...(made.get(siteOf(room)) ?? []), room]), new Map())
  const order = (a, b) => WORST.indexOf(a.health) - WORST.indexOf(b.health) || a.room_name.localeCompare(b.room_name)
  return [h('div', { class: 'sites' }, [...groups].sort((a, b) => b[1].length - a[1].length).map(([site, list]) => {
    const wrong = list.filter(room => room.health !== 'healthy').length
    return h('section', { class: 'site' }, h('h3', {}, site, h('span', { class: 'quiet' }, `${count(list.length, 'room')}${wrong ? `, ${number(wrong)} with an issue` : ''}`)),
      h('ul', {}, [...list].sort(order).map(roomCard)))
  })), h('p', { class: 'quiet' }, 'The bar: share of the working hours of the range that the room was in a meeting.')]
}

function hours(use, booked) {
  const by = asked('hours') === 'booked' ? 'booked' : 'used'
  const toggle = h('p', { role: 'group', 'aria-label': 'What is counted' }, [['used', 'Rooms in use'], ['booked', 'Bookings that begin']].map(([name, text]) =>
    h('button', { type: 'button', 'aria-pressed': String(by === name), onclick: () => change({ hours: name === 'used' ? '' : name }, { replace: true }) }, text)))
  const drawn = by === 'used'
    ? week(use.hours, { value: row => row.mean_rooms, digits: 1, label: 'Rooms in use by weekday and hour', says: row => `${hoursOf(row)}: ${number(row.mean_rooms, 1)} rooms in use, ${count(row.meetings, 'meeting')}` })
    : week(booked.hours, { value: row => row.bookings, label: 'Bookings by weekday and hour', says: row => `${hoursOf(row)}: ${count(row.bookings, 'booking')}, ${number(row.cancelled)} more called off` })
  const says = by === 'used' ? `Rooms in use at the same time, in the mean of such hours; at most ${number(use.peak_mean_rooms, 1)} of ${number(use.rooms_total)}. ${zone}.` : `Bookings that begin in the hour. ${zone}.`
  return [toggle, drawn ?? empty(by === 'used' ? 'No room was used in this range.' : 'No bookings in this range.', 'Take a longer range above.'), h('p', { class: 'quiet' }, says)]
}

const hoursText = minutes => unit(minutes / 60, 'h', 1)
const COLUMNS = [
  { key: 'name', title: 'Room', card: 'title', value: room => room.room_name, cell: room => room.room_name },
  { key: 'site', title: 'Site', card: 'line', value: room => siteOf(room), cell: room => siteOf(room) },
  { key: 'health', title: 'Now', card: 'state', value: room => room.health, cell: room => healthSign(room.health) },
  { key: 'meetings', title: 'Meetings', number: true, value: room => room.meetings, cell: room => number(room.meetings) },
  { key: 'used', title: 'Of working hours', number: true, card: 'line', value: room => room.share_of_working_hours, cell: room => bar(room.share_of_working_hours, percent(room.share_of_working_hours, 0)), says: 'Monday to Friday, 8 to 18' },
  { key: 'people', title: 'People of seats', number: true, value: room => room.mean_people, cell: room => (room.capacity ? `${room.mean_people ? number(room.mean_people, 1) : '–'} of ${number(room.capacity)}` : '–'), says: 'The mean by sensors, while anyone was there' },
  { key: 'peak', title: 'People, most', number: true, off: true, value: room => room.peak_people, cell: room => (room.peak_people ? number(room.peak_people) : '–') },
  { key: 'hours', title: 'Used', number: true, off: true, value: room => room.used_minutes, cell: room => hoursText(room.used_minutes) },
  { key: 'booked', title: 'Booked', number: true, value: room => room.booked_minutes, cell: room => hoursText(room.booked_minutes) },
  { key: 'booked_used', title: 'Of it used', number: true, value: room => room.share_of_booked_used, cell: room => (room.booked_minutes ? percent(room.share_of_booked_used, 0) : '–') },
  { key: 'no_shows', title: 'Nobody came', number: true, value: room => room.no_shows, cell: room => (room.bookings ? `${number(room.no_shows)} of ${number(room.bookings)}` : '–') },
  { key: 'unbooked', title: 'Used unbooked', number: true, off: true, value: room => room.used_unbooked_minutes, cell: room => hoursText(room.used_unbooked_minutes) },
  { key: 'online', title: 'Online', number: true, off: true, value: room => room.share_online, cell: room => percent(room.share_online) },
  { key: 'raised', title: 'Issues', number: true, value: room => room.issues_raised, cell: room => number(room.issues_raised), says: 'Raised in the range' },
]

/** All that is known of each room, in one row. */
function joined(rooms, ...others) {
  const known = new Map(rooms.map(room => [room.id, { location: room.location, health: room.health, room_id: room.id, room_name: room.room_name }]))
  for (const list of others) for (const room of list) known.set(room.room_id, { ...known.get(room.room_id), ...room, health: known.get(room.room_id)?.health ?? 'healthy', location: known.get(room.room_id)?.location ?? '' })
  return [...known.values()]
}

page(signal => {
  const asking = [states(signal), usage(signal), healths(signal), bookings(signal)]
  for (const one of asking) one.catch(() => {})
  const [state, use, health, booked] = asking
  fill(slot('tools'), share())
  into('counts', async () => count((await state).zoom_rooms.length, 'room'), signal)
  into('answer', async () => answer((await state).zoom_rooms, await use, (await booked).rooms), signal)
  into('tiles', async () => figures((await state).zoom_rooms, await use, (await booked).rooms), signal)
  into('sites', async () => sites((await state).zoom_rooms), signal)
  into('week', async () => hours(await use, await booked), signal)
  into('table', async () => table({
    rows: joined((await state).zoom_rooms, (await use).rooms, (await health).rooms, (await booked).rooms), columns: COLUMNS, label: 'Rooms', one: 'room', local: true, sort: 'used', order: 'desc', choose: true,
    href: room => door(room.room_id), empty: NO_ROOMS(),
  }), signal)
})
