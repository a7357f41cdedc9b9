// One meeting or webinar: what was wrong and for whom, lanes, streams, attendance.
import { get, segment } from './api.js'
import { again, asked, change, idOfPath } from './address.js'
import { between, fill, h, slot } from './dom.js'
import { clock, clockTime, count, day, dayTime, length, network, number, percent, plainDay, quality, QUALITY, unit } from './format.js'
import { hearChanges } from './live.js'
import { lanes, legend, remark } from './lanes.js'
import { empty, into, page } from './page.js'
import { share } from './share.js'
import { panel } from './strips.js'
import { table } from './table.js'
import { webinar } from './webinar.js'

const kind = location.pathname.startsWith('/webinars') ? 'webinar' : 'meeting'
const api = `/v1/${kind}s/${segment(idOfPath())}`
const MEDIA = { worst: 'Worst of all', audio: 'Audio', video: 'Video', sharing: 'Sharing' }
const MANY = 25

const personLink = (id, name) => (id ? h('a', { href: `/people/${segment(id)}` }, name || 'Guest') : name || 'Guest')

function heading(meeting) {
  document.title = `${meeting.topic || 'Untitled'} · Callboard`
  document.querySelector('h1').textContent = meeting.topic || `Untitled ${kind}`
  const when = [day(meeting.start_time), ', ', clockTime(meeting.start_time), '–', meeting.live ? 'now' : clockTime(meeting.end_time)]
  fill(slot('counts'), h('span', {}, when, ` (${length(meeting.seconds)}) · ${count(meeting.people, 'person', 'people')}`,
    meeting.joins > meeting.people ? `, ${number(meeting.joins)} joins` : '', ' · host ', personLink(meeting.host_id, meeting.host_name)), ' ',
    meeting.live ? h('span', { class: 'badge live' }, 'Live') : null, ' ', h('span', { class: 'badge' }, quality(meeting.share_bad === null ? '' : meeting.band)))
}

/** All of it in a sentence, in the reader's zone. */
function answer(found) {
  const [first] = found.findings
  if (!first) return found.sentence
  const others = found.people_judged - found.people_hit
  const fine = others === 0 ? '' : others === 1 ? ' The other one was fine.' : ` The other ${number(others)} were fine.`
  const where = first.where ? ` at ${first.where}` : ''
  const why = first.cause === 'unknown' ? 'of unknown cause' : `by ${first.cause}${where}`
  const [numbers] = first.evidence.replace(/\.$/, '').split('; ')
  const share = found.findings.length > 1 ? `${number(first.minutes)} of ${count(found.bad_minutes, 'bad minute')}` : count(first.minutes, 'bad minute')
  return `${found.band === 'bad' ? 'Bad' : found.band === 'poor' ? 'Poor' : 'Short of good'} for ${number(found.people_hit)} of ${count(found.people_judged, 'person', 'people')}: ${share} ${why} from ${clock(first.start_time)} to ${clock(first.end_time)} (${numbers[0].toLowerCase()}${numbers.slice(1)}).${fine}`
}

function finding(meeting, one) {
  const names = one.people.map(person => {
    const lane = meeting.lanes.find(each => each.joins.some(join => join.user_id === person.user_id))
    return lane ? h('a', { href: here(lane), onclick: event => { event.preventDefault(); show(lane) } }, person.name || 'Guest') : person.name || 'Guest'
  })
  const more = one.people_count - names.length
  return h('li', {}, h('p', {}, h('strong', {}, one.cause[0].toUpperCase() + one.cause.slice(1)), h('span', { class: 'quiet' }, ` ${clock(one.start_time)}–${clock(one.end_time)}, ${count(one.minutes, 'bad minute')}`)),
    h('p', {}, one.where ? [h('strong', {}, one.where), ': '] : null, one.evidence), h('p', { class: 'quiet' }, between(names), more > 0 ? ` and ${more} more` : ''))
}

const here = lane => { const query = new URLSearchParams(location.search); query.set('who', lane.person); return `${location.pathname}?${query}` }
function show(lane) {
  change({ who: lane.person, of: '', as: '' })
  requestAnimationFrame(() => document.querySelector(`[data-person="${CSS.escape(lane.person)}"]`)?.scrollIntoView({ block: 'center' }))
}

let drawn = ''
const lanesBox = h('div', {})
/** Lanes are drawn once; opening one changes that one only. */
function drawLanes(meeting) {
  const medium = asked('medium', 'worst') in MEDIA ? asked('medium', 'worst') : 'worst'
  const worst = asked('lanes', meeting.people > MANY ? 'worst' : 'came') === 'worst'
  const key = `${worst} ${meeting.stamp}`
  const list = lanesBox.querySelector('.lanes-list')
  if (key !== drawn || list?.dataset.medium !== medium) {
    const find = h('input', { type: 'search', placeholder: 'Name', 'aria-label': 'Only lanes with this name', oninput: event => {
      const text = event.target.value.trim().toLowerCase()
      for (const item of lanesBox.querySelectorAll('.lanes-list > li')) item.hidden = !item.dataset.name.includes(text)
    } })
    fill(slot('lane-tools'),
      h('span', { role: 'group', 'aria-label': 'Medium' }, Object.entries(MEDIA).map(([name, word]) => h('button', { type: 'button', 'aria-pressed': String(name === medium), onclick: () => change({ medium: name === 'worst' ? '' : name }) }, word))),
      h('span', { role: 'group', 'aria-label': 'Order' }, [['came', 'As they came'], ['worst', 'Worst first']].map(([name, word]) => h('button', { type: 'button', 'aria-pressed': String(worst === (name === 'worst')), onclick: () => change({ lanes: name }) }, word))),
      meeting.people > 8 ? find : null)
    if (key === drawn && list) remark(list, meeting, medium)
    else fill(lanesBox, h('div', { class: 'lanes' }, lanes(meeting, { medium, worst, open: '', toggle: lane => change({ who: asked('who') === lane.person ? '' : lane.person, of: '', as: '' }) })), legend())
    drawn = key
  }
  openLane(meeting)
}

function openLane(meeting) {
  const who = asked('who')
  for (const item of lanesBox.querySelectorAll('.lanes-list > li.open')) {
    if (item.dataset.person === who) continue
    item.classList.remove('open')
    item.querySelector('.panel').remove()
    item.querySelector('.who').setAttribute('aria-expanded', 'false')
  }
  const lane = who && meeting.lanes.find(one => one.person === who)
  const item = lane && lanesBox.querySelector(`[data-person="${CSS.escape(who)}"]`)
  if (!item) return
  const fresh = !item.classList.contains('open')
  if (fresh) {
    item.classList.add('open')
    item.querySelector('.who').setAttribute('aria-expanded', 'true')
    item.append(h('div', { class: 'panel', 'aria-busy': 'true', role: 'region', 'aria-label': `Streams of ${lane.name || 'a guest'}` }, h('span', { class: 'grey fill' })))
  }
  into(item.querySelector('.panel'), async signal => {
    const of = lane.participant_user_id || lane.joins[0].user_id
    const found = await minutesOf(`${api}/participants/${segment(of)}/minutes`, meeting.stamp, signal)
    return panel(meeting, lane, found, { medium: asked('of'), table: asked('as') === 'table' }, change)
  })
}

const kept = new Map()
async function minutesOf(path, stamp, signal) {
  const key = `${stamp} ${path}`
  if (!kept.has(key)) kept.set(key, await get(path, {}, signal))
  return kept.get(key)
}

const joined = lane => lane.joins.at(-1) ?? {}
const ATTENDANCE = [
  { key: 'name', title: 'Name', card: 'title', value: lane => lane.name, cell: lane => lane.name || 'Guest' },
  { key: 'role', title: 'Role', value: lane => lane.role, cell: lane => lane.role },
  { key: 'first', title: 'Came', value: lane => lane.first_seen, cell: lane => clockTime(lane.first_seen) },
  { key: 'last', title: 'Left', value: lane => lane.last_seen, cell: lane => clockTime(lane.last_seen) },
  { key: 'time', title: 'There', number: true, card: 'line', value: lane => lane.total_seconds, cell: lane => length(lane.total_seconds), says: 'All joins together' },
  { key: 'share', title: 'Of it', number: true, value: lane => lane.share_attended, cell: lane => percent(lane.share_attended, 0), says: 'Share of the whole length' },
  { key: 'joins', title: 'Joins', number: true, value: lane => lane.joins.length, cell: lane => number(lane.joins.length) },
  { key: 'quality', title: 'Quality', card: 'state', desc: true, value: lane => lane.share_bad ?? -1, cell: lane => quality(lane.share_bad === null ? '' : lane.band, [QUALITY[lane.share_bad === null ? '' : lane.band], lane.bad_minutes ? h('span', { class: 'quiet' }, ` ${unit(lane.bad_minutes, 'bad min')}`) : null]) },
  { key: 'site', title: 'Site', card: 'line', value: lane => lane.site || joined(lane).location || '', cell: lane => lane.site || joined(lane).location || '–' },
  { key: 'department', title: 'Department', off: true, value: lane => lane.department, cell: lane => lane.department || '–' },
  { key: 'network', title: 'Network', value: lane => joined(lane).network ?? '', cell: lane => network(joined(lane).network) || '–' },
  { key: 'device', title: 'Device', value: lane => joined(lane).device ?? '', cell: lane => [joined(lane).device, joined(lane).os].filter(Boolean).join(', ') || '–' },
  { key: 'version', title: 'Client', off: true, value: lane => joined(lane).version ?? '', cell: lane => joined(lane).version || '–' },
  { key: 'center', title: 'Data centre', off: true, value: lane => joined(lane).data_center ?? '', cell: lane => joined(lane).data_center || '–' },
  { key: 'email', title: 'Mail', off: true, value: lane => lane.email, cell: lane => lane.email || '–' },
  { key: 'microphone', title: 'Microphone', off: true, value: lane => joined(lane).microphone ?? '', cell: lane => joined(lane).microphone || '–' },
  { key: 'camera', title: 'Camera', off: true, value: lane => joined(lane).camera ?? '', cell: lane => joined(lane).camera || '–' },
]

function attendance(meeting) {
  const links = ['csv', 'xlsx', 'parquet'].map(format => h('a', { href: `/v1/export/get_attendance?id=${segment(meeting.uuid)}&format=${format}`, download: '' }, format.toUpperCase()))
  return table({
    rows: meeting.lanes, columns: ATTENDANCE, label: 'Attendance', one: 'person', many: 'people', local: true, sort: 'first', order: 'asc', choose: true,
    tools: [h('span', { class: 'quiet' }, 'Download ', between(links))], href: lane => (lane.participant_user_id ? `/people/${segment(lane.participant_user_id)}` : here(lane)),
    empty: empty('Nobody is known to have been here.', 'Participants come with Zoom’s participant webhooks.'),
  })
}

async function series(meeting, signal) {
  if (!meeting.number) return null
  const found = await get(`/v1/meetings/${meeting.number}/instances`, { page_size: 300 }, signal)
  if (found.total_records < 2) return null
  const all = found.instances
  const at = all.findIndex(one => one.uuid === meeting.uuid)
  const link = (one, word) => (one ? h('a', { class: 'button', href: `/${one.kind}s/${segment(one.uuid)}`, title: `${plainDay(one.start_time)}, ${clock(one.start_time)}` }, word) : null)
  return [link(all[at - 1], 'Time before'), link(all[at + 1], 'Next time'), h('a', { class: 'button', href: `/${kind}s?q=${meeting.number}&range=180d` }, `All ${number(found.total_records)} of this series`)]
}

let meeting
let listening
async function load(signal) {
  const asking = get(`${api}/lanes`, {}, signal)
  const findings = get(`${api}/findings`, {}, signal)
  asking.catch(() => {})
  findings.catch(() => {})
  into('answer', async () => answer(await findings), signal)
  into('findings', async () => {
    const [found, whole] = [await findings, await asking]
    slot('findings').closest('section').hidden = !found.findings.length
    return h('ol', { class: 'list side-by-side' }, found.findings.map(one => finding(whole, one)))
  }, signal)
  if (kind === 'webinar') webinar(api, signal)
  await into('lanes', async () => {
    meeting = await asking
    meeting.stamp = Date.now()
    heading(meeting)
    into('series', () => series(meeting, signal), signal)
    fill(slot('tools'), share())
    into('attendance', async () => attendance(meeting), signal)
    if (!meeting.lanes.length) return empty('Nobody is known to have been here.', 'Participants come with Zoom’s participant webhooks.')
    drawLanes(meeting)
    return lanesBox
  }, signal)
  if (meeting?.live) {
    listening ??= hearChanges(event => {
      if (!event.instances?.length || event.instances.includes(meeting.uuid)) { meeting = null; again() }
    }, 5000)
  }
}

page(signal => {
  if (!meeting) { load(signal); return }
  drawLanes(meeting)
  into('attendance', async () => attendance(meeting), signal)
})
