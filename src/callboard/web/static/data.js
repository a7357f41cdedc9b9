// What came in: how fresh it is, from which door, and what could not be understood.
import { get } from './api.js'
import { withChanges } from './address.js'
import { chart, expectChart } from './chart.js'
import { fill, h, slot } from './dom.js'
import { ago, count, length, number, percent, plainDay, quality } from './format.js'
import { empty, into, page } from './page.js'
import { range } from './range.js'
import { share } from './share.js'
import { table } from './table.js'
import { tiles } from './tiles.js'

const FAMILIES = { meetings: 'Meetings and webinars', qos: 'Quality minutes', events: 'Webhooks' }
const VERDICTS = { applied: ['good', 'Applied'], kept: ['', 'Kept, says nothing we know'], refused: ['bad', 'Refused'] }
const sum = (rows, value) => rows.reduce((all, row) => all + value(row), 0)
const late = family => family.age_seconds > family.promised_seconds
const age = family => (family.age_seconds < 0 ? 'never' : `${length(family.age_seconds)} ago`)

function answer(found) {
  const known = found.families.filter(family => family.age_seconds >= 0)
  if (!known.length) return ['Nothing has come in yet. ', h('a', { href: 'https://marketplace.zoom.us' }, 'Point a Zoom app at this server'), ', or load facts.']
  const newest = [...known].sort((a, b) => a.age_seconds - b.age_seconds)[0]
  const refused = sum(found.refused, row => row.count)
  const old = known.filter(late)
  return [`The newest fact is ${age(newest)}. `, old.length ? `${old.map(family => FAMILIES[family.family] ?? family.family).join(', ')} are older than promised. ` : '',
    refused ? h('a', { href: '#refused' }, `${count(refused, 'event')} could not be understood`) : `No event was refused ${range().says.toLowerCase()}`, '.']
}

const figures = found => tiles(found.families.map(family => ({
  label: FAMILIES[family.family] ?? family.family, value: family.age_seconds < 0 ? 'Never' : length(family.age_seconds), unit: family.age_seconds < 0 ? '' : 'old',
  change: family.age_seconds < 0 ? 'Nothing came in this way' : `newest ${family.newest.slice(0, 16).replace('T', ' ')} UTC; promised within ${length(family.promised_seconds)}`, worse: late(family),
  href: family.family === 'events' ? '#events' : family.family === 'qos' ? '/quality?range=today' : '/meetings?range=today',
})))

const EVENTS = [
  { key: 'event', title: 'Event', card: 'title', value: row => row.event, cell: row => row.event || '(without a name)' },
  { key: 'source', title: 'Door', card: 'line', value: row => row.source, cell: row => row.source },
  { key: 'verdict', title: 'What became of it', card: 'state', value: row => row.verdict, cell: row => quality(VERDICTS[row.verdict]?.[0] ?? '', VERDICTS[row.verdict]?.[1] ?? row.verdict) },
  { key: 'count', title: 'Events', number: true, value: row => row.count, cell: row => number(row.count) },
  { key: 'last', title: 'Newest', card: 'line', value: row => row.last, cell: row => ago(row.last) },
]
const REFUSED = [
  { key: 'reason', title: 'Why', card: 'title', wrap: true, cell: row => row.reason },
  { key: 'event', title: 'Event', card: 'line', cell: row => row.event || '(without a name)' },
  { key: 'count', title: 'Events', number: true, card: 'state', cell: row => number(row.count) },
  { key: 'last', title: 'Newest', card: 'line', cell: row => ago(row.last) },
]

function byDay(found) {
  const days = new Map()
  for (const row of found.days) days.set(row.day, { day: row.day, value: (days.get(row.day)?.value ?? 0) + row.count, refused: (days.get(row.day)?.refused ?? 0) + (row.verdict === 'refused' ? row.count : 0) })
  const rows = [...days.values()].sort((a, b) => a.day.localeCompare(b.day))
  return rows.length < 2 ? null : h('section', { class: 'box', 'aria-label': 'Events each day' }, h('h2', {}, 'Events each day'), chart('events', rows.map(row => ({
    day: row.day, value: row.value, says: `${plainDay(row.day)}: ${count(row.value, 'event')}, ${number(row.refused)} refused`, href: withChanges({ from: row.day, to: row.day, range: '' }),
  })), { label: 'Events each day' }))
}

const MIRRORED = {
  meetings: 'Meetings and webinars', joins: 'Who joined', qos: 'Quality minutes', sharing: 'Shares', feedback: 'Feedback', forms: 'Polls, questions and surveys',
  recordings: 'Recordings', chat: 'Chat', im: 'Chat by person', crc: 'Room connector ports', telephone: 'Telephone', activity: 'Sign-ins and operations', people: 'People', plans: 'Planned calls', rooms: 'Rooms',
}
const STATES = { complete: ['good', 'Complete'], partial: ['', 'Under way'], skipped: ['fair', 'Left out'], missing: ['fair', 'Not asked'], failed: ['bad', 'Failed'] }
const WORST = ['failed', 'missing', 'skipped', 'partial']
const HOLES = 3
const span = ({ from, to }) => (from === to ? plainDay(from) : `${plainDay(from)} – ${plainDay(to)}`)
const stateOf = row => WORST.find(state => row.holes.some(hole => hole.state === state)) ?? 'complete'
const holeSays = hole => h('div', {}, `${span(hole)}: ${STATES[hole.state][1].toLowerCase()}${hole.reason ? `, ${hole.reason}` : ''}`)
const COVERED = [
  { key: 'family', title: 'What', card: 'title', cell: row => MIRRORED[row.family] ?? row.family },
  { key: 'source', title: 'Account', card: 'line', cell: row => row.source },
  { key: 'state', title: 'State', card: 'state', cell: row => quality(...STATES[stateOf(row)]) },
  { key: 'days', title: 'Asked about', card: 'line', cell: row => span({ from: row.first, to: row.last }) },
  { key: 'complete', title: 'Days complete', number: true, cell: row => number(row.complete) },
  { key: 'records', title: 'Records', number: true, cell: row => number(row.records) },
  { key: 'asked', title: 'Last asked', cell: row => ago(row.asked_at) },
  { key: 'holes', title: 'Not complete', wrap: true, card: 'line', cell: row => [row.holes.slice(-HOLES).reverse().map(holeSays), row.holes.length > HOLES ? h('div', { class: 'quiet' }, `and ${number(row.holes.length - HOLES)} earlier ones`) : null] },
]

function mirrored({ families }) {
  if (!families.length) return empty('This account is not mirrored. ', h('code', {}, 'callboard sync'), ' asks the account’s own API for all that it still keeps, and keeps it here.')
  const [first, last] = [families.map(row => row.first).sort()[0], families.map(row => row.last).sort().at(-1)]
  const run = families.map(row => row.asked_at).sort().at(-1)
  const holed = families.filter(row => stateOf(row) !== 'complete')
  const sources = [...new Set(families.map(row => row.source))]
  return [h('p', {}, `${sources.join(', ')}: asked about ${span({ from: first, to: last })}, last `, ago(run), '. ',
    holed.length ? `${number(holed.length)} of ${count(families.length, 'kind')} of facts ${holed.length === 1 ? 'is' : 'are'} not complete.` : 'All of it is complete.'), table({
    rows: families, columns: COVERED.filter(column => column.key !== 'source' || sources.length > 1), label: 'Mirrored by kind of facts', one: 'kind of facts', many: 'kinds of facts', sticky: false,
  })]
}

expectChart()
page(signal => {
  const asking = get('/v1/sources', { from: range().from, to: range().to }, signal)
  asking.catch(() => {})
  fill(slot('tools'), share())
  into('counts', async () => count(sum((await asking).events, row => row.count), 'event'), signal)
  into('answer', async () => answer(await asking), signal)
  into('tiles', async () => figures(await asking), signal)
  into('days', async () => byDay(await asking), signal)
  into('mirror', async () => mirrored(await get('/v1/sync', { page_size: 1 }, signal)), signal)
  into('events', async () => {
    const { events } = await asking
    const all = sum(events, row => row.count)
    const applied = sum(events.filter(row => row.verdict === 'applied'), row => row.count)
    return [all ? h('p', { class: 'quiet' }, `${percent(applied / all)} were applied.`) : null, table({
      rows: events, columns: EVENTS, label: 'Events that came in', one: 'kind of event', many: 'kinds of events', local: true, sort: 'count', order: 'desc', sticky: false,
      empty: empty('No webhook came in this range.', 'Facts that were loaded or mirrored do not show here.'),
    })]
  }, signal)
  into('refused', async () => table({
    rows: (await asking).refused, columns: REFUSED, label: 'Refused events', one: 'reason', sticky: false,
    empty: empty('No event was refused.', 'What cannot be understood is kept with its reason, and can be replayed once a mapping is better.'),
  }), signal)
})
