// What goes on at this moment, and what is wrong with it.
import { get, segment } from './api.js'
import { again } from './address.js'
import { between, h, s } from './dom.js'
import { ago, clock, count, day, hour, length, number, percent, points, quality, QUALITY, weekday, WEEKDAYS, zone } from './format.js'
import { hearChanges } from './live.js'
import { empty, into, page } from './page.js'
import { table } from './table.js'
import { tiles } from './tiles.js'

const band = share => (share === null ? '' : share < 0.01 ? 'good' : share < 0.05 ? 'fair' : share < 0.25 ? 'poor' : 'bad')
const usually = now => `the last ${now.usual.filter(one => one.judged_minutes).length || 4} ${WEEKDAYS[now.weekday - 1]}s at ${clock(now.hour_start)}`

function answer(now) {
  const on = [count(now.live_meetings, 'meeting'), now.live_webinars ? ` and ${count(now.live_webinars, 'webinar')}` : '', ' with ', count(now.participants, 'person', 'people'), '. ']
  if (!now.live_meetings && !now.live_webinars) on.splice(0, on.length, 'No meeting is live. ')
  const { share_bad: bad } = now.quality
  if (bad === null) return [...on, 'Nothing is known of this hour’s quality yet.']
  const moved = now.usual_share_bad === null ? null : now.usual_share_bad - bad
  const than = moved === null ? '' : Math.abs(moved) < 0.0005 ? `, as ${usually(now)}` : `, ${points(Math.abs(moved)).replace('+', '')} points ${moved > 0 ? 'over' : 'under'} ${usually(now)}`
  const wrong = now.meetings.length
  const people = now.meetings.reduce((sum, one) => sum + one.people_hit, 0)
  return [...on, `${percent(1 - bad)} good minutes this hour${than}. `,
    wrong ? h('a', { href: '#wrong' }, `${count(people, 'person', 'people')} in ${count(wrong, 'call')} ${people === 1 ? 'has' : 'have'} trouble now.`) : 'Nobody has trouble now.']
}

function figures(now) {
  const { share_bad: bad } = now.quality
  const moved = bad === null || now.usual_share_bad === null ? null : now.usual_share_bad - bad
  return tiles([
    { label: 'Live meetings', value: number(now.live_meetings), change: now.live_webinars ? `and ${count(now.live_webinars, 'webinar')}` : 'no webinar', href: '/meetings?type=live', line: now.hours.map(one => one.meetings), title: 'The line: meetings by hour, last 24 hours' },
    { label: 'People in them', value: number(now.participants), change: now.live_meetings ? `${number(now.participants / (now.live_meetings + now.live_webinars), 1)} a call` : '', href: '/meetings?type=live&sort=participants' },
    now.rooms_shown ? { label: 'Rooms in use', value: number(now.rooms_in_use), unit: `of ${number(now.rooms_known)}`, change: now.rooms_with_issues ? `${count(now.rooms_with_issues, 'room')} with an issue` : 'none has an issue', worse: now.rooms_with_issues > 0, href: '/rooms' } : null,
    { label: 'Good minutes this hour', value: bad === null ? '–' : number((1 - bad) * 100, 1), unit: bad === null ? '' : '%', change: moved === null ? 'Nothing to compare with' : `${points(moved)} points on ${usually(now)}`, worse: moved !== null && moved < -0.01, line: now.hours.map(one => (one.share_bad === null ? null : 1 - one.share_bad)), floating: true, href: '/meetings?range=today&sort=bad' },
  ])
}

const door = one => `/${one.kind}s/${segment(one.uuid)}`
function trouble(one) {
  const names = one.people.map(person => `${person.name || 'Guest'}${person.site ? ` (${person.site})` : ''}`)
  const why = [one.worst_cause && one.worst_cause !== 'unknown' ? one.worst_cause : '', one.worst_site].filter(Boolean).join(', ')
  return h('li', {}, h('p', {}, quality(band(one.share_bad)), ' ', h('a', { href: door(one) }, h('strong', {}, one.topic || 'Untitled')), h('span', { class: 'quiet' }, ` since ${clock(one.start_time)}, host ${one.host_name || 'unknown'}`)),
    h('p', {}, `${count(one.people_hit, 'person', 'people')} of ${number(one.participants)}: ${percent(one.share_bad, 0)} bad minutes in the last 10 min${why ? `; ${why}` : ''}.`),
    h('p', { class: 'quiet' }, names.slice(0, 6).join(', '), names.length > 6 ? ` and ${number(names.length - 6)} more` : ''))
}

function wrong(now) {
  const all = [
    ...now.meetings.map(trouble),
    ...now.stale.map(one => h('li', {}, h('p', {}, h('strong', {}, `No new ${one.family} since `), ago(one.newest), '. ', h('a', { href: '/data' }, 'Look at the sources')))),
    ...now.rooms.map(one => h('li', {}, h('p', {}, quality(one.health === 'critical' ? 'bad' : 'poor', one.health === 'critical' ? 'Critical' : 'Warning'), ' ', h('a', { href: `/rooms/${segment(one.room_id)}` }, h('strong', {}, one.room_name)), ` ${one.issue}, since `, ago(one.since)))),
    ...now.alerts.map(one => h('li', {}, h('p', {}, h('a', { href: door(one) }, one.topic || 'Untitled'), `: ${one.issue}, `, ago(one.at)))),
  ]
  return all.length ? h('ol', { class: 'list' }, all) : empty('Nothing is wrong.', 'Calls with poor or bad minutes in the last 10 minutes show here, open issues of rooms, and sources that went silent.')
}

/** Share of bad minutes by hour, last 24 hours; an hour is a door to its calls. */
function hours(now) {
  const top = Math.max(0.02, ...now.hours.map(one => one.share_bad ?? 0))
  return [h('ol', { class: 'hours-chart' }, now.hours.map(one => {
    const at = new Date(one.hour_start)
    const date = one.hour_start.slice(0, 10)
    const says = `${weekday(at)} ${clock(at)}: ${one.share_bad === null ? 'nothing judged' : `${percent(one.share_bad)} bad minutes`}, ${count(one.meetings, 'meeting')}`
    return h('li', {}, h('a', { href: `/meetings?from=${date}&to=${date}&hour=${at.getHours()}&sort=bad`, title: says, 'aria-label': says },
      s('svg', { viewBox: '0 0 10 60', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, s('rect', { width: 10, height: 60, class: 'ground' }),
        one.share_bad === null ? null : s('rect', { y: 60 - one.share_bad / top * 60, width: 10, height: one.share_bad / top * 60, class: `v-${band(one.share_bad) || 'none'}` }))),
      h('span', {}, at.getHours() % 6 === 0 ? hour(at) : ''))
  })), h('p', { class: 'quiet' }, `The highest is ${percent(top)}. `, between(['good', 'fair', 'poor', 'bad'].map(one => quality(one)), ' '))]
}

const LIVE = [
  { key: 'topic', title: 'Topic', card: 'title', cell: row => row.topic || 'Untitled' },
  { key: 'since', title: 'Since', card: 'line', cell: row => ago(row.start_time) },
  { key: 'kind', title: 'What', cell: row => row.kind },
  { key: 'people', title: 'People', number: true, cell: row => number(row.people) },
  { key: 'quality', title: 'Quality so far', card: 'state', cell: row => (row.share_bad === null ? quality('') : quality(row.band, [QUALITY[row.band], row.share_bad ? h('span', { class: 'quiet' }, ` ${percent(row.share_bad)}`) : null])) },
  { key: 'host', title: 'Host', card: 'line', cell: row => row.host_name || '–' },
  { key: 'sites', title: 'Sites', cell: row => row.sites.join(', ') || '–' },
  { key: 'length', title: 'Length', number: true, cell: row => length(row.seconds) },
]

let open = null
page(signal => {
  const asking = get('/v1/now', { timezone: zone }, signal)
  asking.catch(() => {})
  into('counts', async () => [h('span', { class: open === false ? 'live off' : 'live', id: 'stream' }, open === false ? 'Updates are interrupted' : 'Updates by itself'), ` · ${day((await asking).at)}, ${clock((await asking).at)}`], signal, true)
  into('answer', async () => answer(await asking), signal, true)
  into('tiles', async () => figures(await asking), signal)
  into('wrong', async () => wrong(await asking), signal, true)
  into('hours', async () => hours(await asking), signal, true)
  into('table', async () => {
    const families = document.body.dataset.families.split(' ')
    const asked = { type: 'live', sort: 'participants', page_size: 25 }
    const found = await Promise.all(['meeting', 'webinar'].filter(kind => families.includes(`${kind}s`)).map(kind => get(`/v1/${kind}s`, asked, signal).then(page => page[`${kind}s`])))
    return table({ rows: found.flat().sort((a, b) => b.people - a.people), columns: LIVE, label: 'Live meetings and webinars', one: 'live call', href: door, empty: empty('No call is live.', 'A call shows here the moment its webhook comes.') })
  }, signal)
})
hearChanges(again, 3000, state => {
  open = state
  const sign = document.getElementById('stream')
  if (!sign) return
  sign.className = state ? 'live' : 'live off'
  sign.textContent = state ? 'Updates by itself' : 'Updates are interrupted'
})
