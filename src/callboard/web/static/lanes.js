// A meeting's lanes: one a participant, a mark a minute. Each lane is a few SVG paths, so that hundreds draw at once.
import { h, s } from './dom.js'
import { clock, count, length, network, percent, quality, QUALITY, BANDS } from './format.js'

const MINUTE = 60000
// How high a minute stands: the worse the higher, so that colour is not all.
const HIGH = { 0: [4.2, 1.6], 1: [2.5, 5], 2: [1.5, 7], 3: [0, 10], 4: [0, 10] }
const WORDS = { 0: 'not judged', 1: 'good', 2: 'fair', 3: 'poor', 4: 'bad' }
const CLASSES = ['none', 'good', 'fair', 'poor', 'bad']
export const CAUSES = { P: 'network of one person', S: 'network of a site', D: 'device CPU', W: 'Wi-Fi', C: 'server side', U: 'unknown' }

/** When minute `n` of a meeting began. */
export const minuteAt = (meeting, n) => new Date(Date.parse(meeting.first_minute) + n * MINUTE)
/** Minutes, with parts of them, from the first one to an instant. */
export const minutesTo = (meeting, instant) => (Date.parse(instant) - Date.parse(meeting.first_minute)) / MINUTE

/** Paths of one string of verdicts, one path a verdict. */
function marks(text) {
  const paths = ['', '', '', '', '']
  for (let n = 0; n < text.length;) {
    const verdict = text[n]
    let end = n + 1
    while (end < text.length && text[end] === verdict) end += 1
    if (verdict !== ' ') {
      const [top, high] = HIGH[verdict]
      paths[verdict] += `M${n} ${top}h${end - n}v${high}h${n - end}z`
    }
    n = end
  }
  return paths.map((d, verdict) => (d ? s('path', { d, class: `v-${CLASSES[verdict]}` }) : null))
}

/** Stretches of a lane in words, for those who don't see it. */
export function stretches(meeting, lane, medium = 'worst') {
  const text = lane[medium]
  const found = []
  for (let n = 0; n < text.length;) {
    let end = n + 1
    while (end < text.length && text[end] === text[n]) end += 1
    if (text[n] >= '3') found.push(`${WORDS[text[n]]} ${clock(minuteAt(meeting, n))}–${clock(minuteAt(meeting, end))}`)
    n = end
  }
  return found
}

/** Ticks of the axis: whole steps of the reader's clock. */
export function ticks(meeting) {
  const step = [5, 10, 15, 30, 60, 120, 240].find(one => meeting.minutes / one <= 7) ?? 480
  const first = minuteAt(meeting, 0)
  const lead = (step - ((first.getHours() * 60 + first.getMinutes()) % step)) % step
  const found = []
  for (let n = lead; n < meeting.minutes; n += step) if (n / meeting.minutes < 0.97) found.push(n)
  return found
}

const share = (meeting, n) => `${(Math.max(0, Math.min(n, meeting.minutes)) / meeting.minutes) * 100}%`

/** The axis above lanes: times of day. */
export const axis = meeting => h('div', { class: 'lane axis', 'aria-hidden': 'true' }, h('span'),
  h('div', { class: 'track' }, ticks(meeting).map(n => h('span', { class: 'tick', style: { left: share(meeting, n) } }, clock(minuteAt(meeting, n))))), h('span'))

/** Spans on a track: `[{start_time, end_time, says}]`. */
export function spans(meeting, title, list, kind) {
  if (!list.length) return null
  return h('div', { class: `lane spans ${kind}` }, h('span', { class: 'who' }, title), h('div', { class: 'track' }, list.map(one => {
    const [from, to] = [minutesTo(meeting, one.start_time), one.end_time ? minutesTo(meeting, one.end_time) : meeting.minutes]
    return h('span', { class: 'span', style: { left: share(meeting, from), width: share(meeting, to - from) }, title: `${one.says}, ${clock(one.start_time)}–${one.end_time ? clock(one.end_time) : 'now'}` }, h('span', {}, one.says))
  })), h('span'))
}

function about(meeting, lane) {
  const join = lane.joins[lane.joins.length - 1] ?? {}
  const said = [lane.site || join.location, network(join.network), join.device].filter(Boolean)
  if (lane.joins.length > 1) {
    const again = lane.joins.slice(1).map(one => clock(one.start_time))
    said.push(`rejoined ${again.slice(0, 2).join(', ')}${again.length > 2 ? ` and ${again.length - 2} more` : ''}`)
  }
  if (!meeting.live && minutesTo(meeting, lane.last_seen) < meeting.minutes - 3) said.push(`left ${clock(lane.last_seen)}`)
  return said.join(', ')
}

const says = (meeting, lane) =>
  [lane.name, lane.share_bad === null ? 'not judged' : `${QUALITY[lane.band].toLowerCase()}, ${percent(lane.share_bad)} bad minutes`, `there ${length(lane.total_seconds)}`, about(meeting, lane), ...stretches(meeting, lane)].join('; ')

/** One lane as a list item; its button opens it. */
function laneItem(meeting, lane, medium, open, toggle) {
  const row = h('div', { class: 'lane' },
    h('button', { type: 'button', class: 'who plain', 'aria-expanded': String(open), 'aria-label': says(meeting, lane), onclick: () => toggle(lane) },
      h('span', { class: 'name' }, lane.name || 'Guest'), lane.role === 'host' ? h('span', { class: 'quiet' }, ' host') : null),
    h('div', { class: 'track', 'data-lane': lane.lane },
      s('svg', { viewBox: `0 0 ${meeting.minutes} 10`, preserveAspectRatio: 'none', 'aria-hidden': 'true' }, marks(lane[medium])),
      lane.shares.map(one => h('i', { class: 'sharing', style: { left: share(meeting, minutesTo(meeting, one.start_time)), width: share(meeting, (one.end_time ? minutesTo(meeting, one.end_time) : meeting.minutes) - minutesTo(meeting, one.start_time)) } })),
      lane.joins.slice(1).map(one => h('i', { class: 'rejoin', style: { left: share(meeting, minutesTo(meeting, one.start_time)) } }))),
    h('span', { class: 'note-of' }, quality(lane.share_bad === null ? '' : lane.band, lane.share_bad ? percent(lane.share_bad, 0) : ''), h('span', { class: 'quiet clip', title: about(meeting, lane) }, about(meeting, lane))))
  return h('li', { 'data-person': lane.person, 'data-name': (lane.name ?? '').toLowerCase() }, row)
}

/** What a minute under the pointer was. */
function minuteSays(meeting, lane, n, medium) {
  const verdict = lane[medium][n]
  const when = `${clock(minuteAt(meeting, n))} `
  if (verdict === undefined || verdict === ' ') return `${when}${lane.name} was not there`
  const cause = CAUSES[lane.cause[n]]
  return `${when}${lane.name}: ${WORDS[verdict]}${cause ? `, ${cause === 'unknown' ? 'cause unknown' : cause}` : ''}`
}

/** All lanes. `options`: `{medium, worst, open (person), toggle(lane)}`. */
export function lanes(meeting, { medium, worst, open, toggle }) {
  const order = worst ? [...meeting.lanes].sort((a, b) => b.bad_minutes - a.bad_minutes || a.lane - b.lane) : meeting.lanes
  const list = h('ol', { class: 'lanes-list', 'data-medium': medium }, order.map(lane => laneItem(meeting, lane, medium, lane.person === open, toggle)))
  const tip = h('div', { class: 'tip', hidden: true })
  list.addEventListener('pointermove', event => {
    const track = event.target.closest('.track[data-lane]')
    if (!track) { tip.hidden = true; return }
    const box = track.getBoundingClientRect()
    const n = Math.floor((event.clientX - box.left) / box.width * meeting.minutes)
    tip.textContent = minuteSays(meeting, meeting.lanes[track.dataset.lane], n, list.dataset.medium)
    tip.hidden = false
    tip.style.left = `${Math.min(event.clientX + 12, innerWidth - tip.offsetWidth - 8)}px`
    tip.style.top = `${event.clientY + 16}px`
  })
  list.addEventListener('pointerleave', () => { tip.hidden = true })
  list.addEventListener('click', event => {
    const track = event.target.closest('.track[data-lane]')
    if (track) toggle(meeting.lanes[track.dataset.lane])
  })
  list.addEventListener('keydown', event => {
    const step = { ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' }[event.key]
    const button = step && event.target.closest('.who') && event.target.closest('li')[step]?.querySelector('.who')
    if (button) { event.preventDefault(); button.focus() }
  })
  const shared = meeting.lanes.flatMap(lane => lane.shares.map(one => ({ ...one, says: `${lane.name}: ${one.content.replaceAll('_', ' ')}` })))
  const recorded = (meeting.recordings ?? []).filter(one => one.start_time).map(one => ({ ...one, says: 'Recording' }))
  return [axis(meeting), list, spans(meeting, 'Shared', shared, 'shares'), spans(meeting, 'Recorded', recorded, 'recordings'), tip]
}

/** Show another medium in lanes that are drawn: their marks only, for hundreds of lanes take long to draw. */
export function remark(list, meeting, medium) {
  list.dataset.medium = medium
  for (const item of list.children) item.hidden = false
  for (const track of list.querySelectorAll('.track[data-lane]')) track.firstChild.replaceChildren(...marks(meeting.lanes[track.dataset.lane][medium]).filter(Boolean))
}

/** What the marks mean. */
export const legend = () => h('ul', { class: 'legend', 'aria-label': 'What the marks mean' },
  BANDS.slice(1).map(band => h('li', {}, quality(band))), h('li', {}, quality('', 'Not judged (muted, no media, no data)')),
  h('li', {}, h('i', { class: 'key-sharing' }), 'Shares'), h('li', {}, h('i', { class: 'key-rejoin' }), 'Rejoined'))
export const peopleSay = meeting => `${count(meeting.people, 'person', 'people')}`
