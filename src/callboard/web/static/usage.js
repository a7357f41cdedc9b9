// How much calls are used: over time, in which hours, what of them, and by whom.
import { get, query } from './api.js'
import { asked, change } from './address.js'
import { bar, headed } from './bars.js'
import { chart, expectChart } from './chart.js'
import { fill, h, slot } from './dom.js'
import { count, number, percent, plainDay, quality, QUALITY, unit, zone } from './format.js'
import { empty, into, page } from './page.js'
import { range, rangeParams } from './range.js'
import { share } from './share.js'
import { pageParams, table } from './table.js'
import { tiles } from './tiles.js'
import { hoursOf, week } from './week.js'

const SIZE = 20
const MEASURES = {
  meetings: ['Meetings and webinars', period => period.meetings + period.webinars, value => count(value, 'call')],
  hours: ['Hours', period => period.hours, value => unit(value, 'h')],
  people: ['Different people', period => period.people, value => count(value, 'person', 'people')],
  peak: ['Most calls at once', period => period.peak_meetings, value => `${number(value)} at once`],
  most: ['Most people at once', period => period.peak_people, value => `${count(value, 'person', 'people')} at once`],
}
const KINDS = { '': 'Both', meeting: 'Meetings', webinar: 'Webinars' }
const kind = () => (asked('kind') in KINDS ? asked('kind') : '')
const calls = more => `/meetings${query({ ...more, ...rangeParams() })}`

function answer(found) {
  const { total } = found
  if (!total.meetings && !total.webinars) return `Nobody met ${range().says.toLowerCase()}.`
  const most = [...found.periods].sort((a, b) => b.peak_people - a.peak_people)[0]
  const webinars = total.webinars ? [' and ', h('a', { href: `/webinars${query(rangeParams())}` }, count(total.webinars, 'webinar'))] : ''
  return [h('a', { href: calls({}) }, count(total.meetings, 'meeting')), webinars, ` with ${count(total.people, 'person', 'people')}, ${unit(total.hours, 'h')} in all. `,
    most ? [`Most were in calls at once on ${plainDay(most.begin)}: ${number(most.peak_people)} people.`] : '']
}

function figures(found) {
  const { total, periods } = found
  const line = of => periods.map(of)
  const days = range().days
  return tiles([
    { label: 'Meetings', value: number(total.meetings), change: `${number(total.meetings / days)} a day`, line: line(one => one.meetings), href: calls({}) },
    { label: 'Hours of calls', value: number(total.hours), unit: 'h', change: `${number(total.hours / (total.meetings + total.webinars || 1) * 60)} min a call`, line: line(one => one.hours), href: calls({ sort: 'duration' }) },
    { label: 'Different people', value: number(total.people), change: `${number(total.joins)} joins`, line: line(one => one.people), href: '#hosts' },
    { label: 'Most at once', value: number(total.peak_people), unit: 'people', change: `in ${count(total.peak_meetings, 'call')} at the most`, line: line(one => one.peak_people), href: calls({ sort: 'participants' }) },
  ])
}

function over(found) {
  const name = asked('measure') in MEASURES ? asked('measure') : 'meetings'
  const [title, value, says] = MEASURES[name]
  const toggle = h('p', { role: 'group', 'aria-label': 'What is counted' }, Object.entries(MEASURES).map(([key, [word]]) =>
    h('button', { type: 'button', 'aria-pressed': String(key === name), onclick: () => change({ measure: key === 'meetings' ? '' : key }, { replace: true }) }, word)))
  const months = found.by === 'month'
  const end = day => { const at = new Date(`${day}T00:00:00Z`); return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).toISOString().slice(0, 10) }
  const rows = found.periods.map(period => ({
    day: period.begin, value: value(period), says: `${months ? period.begin.slice(0, 7) : plainDay(period.begin)}: ${says(value(period))}`,
    href: `/meetings${query({ from: period.begin, to: months ? end(period.begin) : period.begin })}`,
  }))
  const drawn = chart(`usage_${name}${months ? '_by_month' : ''}`, rows, { label: `${title} by ${found.by}` })
  return [toggle, drawn ?? empty('Nothing in this range.', 'Take a longer one above.')]
}

const featureName = name => (name === 'qa' ? 'Q&A' : name[0].toUpperCase() + name.slice(1).replaceAll('_', ' '))
const FEATURES = [
  { key: 'feature', title: 'Feature', card: 'title', cell: row => featureName(row.feature) },
  { key: 'share', title: 'Of all calls', number: true, card: 'state', cell: row => bar(row.share, percent(row.share)) },
  { key: 'meetings', title: 'Calls', number: true, card: 'line', cell: row => headed(number(row.meetings), 'calls') },
]
const DEPARTMENTS = [
  { key: 'department', title: 'Department of the host', card: 'title', cell: row => row.department || 'Unknown' },
  { key: 'meetings', title: 'Calls', number: true, card: 'line', cell: row => headed(number(row.meetings), 'calls') },
  { key: 'hours', title: 'Hours', number: true, cell: row => unit(row.hours, 'h') },
  { key: 'hosts', title: 'Hosts', number: true, cell: row => number(row.hosts) },
  { key: 'bad', title: 'Bad minutes', number: true, card: 'state', cell: row => headed(percent(row.share_bad), 'bad') },
]
const HOSTS = [
  { key: 'name', title: 'Host', card: 'title', cell: row => row.host_name || row.host_id || 'Unknown' },
  { key: 'department', title: 'Department', card: 'line', cell: row => row.department || '–' },
  { key: 'meetings', title: 'Calls', sort: 'meetings', number: true, card: 'line', cell: row => headed(number(row.meetings), 'calls') },
  { key: 'hours', title: 'Hours', sort: 'hours', number: true, cell: row => number(row.hours, 1) },
  { key: 'people', title: 'People a call', sort: 'people', number: true, cell: row => number(row.people, 1) },
  { key: 'bad', title: 'Quality', sort: 'bad', desc: true, card: 'state', cell: row => quality(row.band, [QUALITY[row.band], row.share_bad ? h('span', { class: 'quiet' }, ` ${percent(row.share_bad)}`) : null]) },
]

expectChart()
page(signal => {
  const params = { from: range().from, to: range().to, kind: kind() }
  const by = range().days > 120 ? 'month' : 'day'
  const asking = get('/v1/usage/days', { ...params, by }, signal)
  asking.catch(() => {})
  fill(slot('tools'), h('span', { role: 'group', 'aria-label': 'Which' }, Object.entries(KINDS).map(([name, word]) =>
    h('button', { type: 'button', 'aria-pressed': String(kind() === name), onclick: () => change({ kind: name, page: '' }) }, word))), share())
  into('counts', async () => { const { total } = await asking; return `${count(total.people, 'person', 'people')} in ${count(total.meetings + total.webinars, 'call')}` }, signal)
  into('answer', async () => answer(await asking), signal)
  into('tiles', async () => figures(await asking), signal)
  into('days', async () => over(await asking), signal)
  into('week', async () => {
    const found = await get('/v1/usage/hours', { ...params, timezone: zone }, signal)
    const drawn = week(found.hours, {
      value: row => row.mean_meetings, digits: 1, label: 'Calls that begin, by weekday and hour', says: row => `${hoursOf(row)}: ${number(row.mean_meetings, 1)} calls begin in the mean, ${number(row.meetings)} in all`,
      href: row => calls({ weekday: row.weekday, hour: row.hour }),
    })
    return [drawn ?? empty('Nothing in this range.'), h('p', { class: 'quiet' }, `Calls that begin in the hour, in the mean of such hours. ${zone}.`)]
  }, signal)
  into('features', async () => {
    const { features } = await get('/v1/usage/features', { ...params, by: 'month' }, signal)
    const used = features.filter(row => row.meetings).sort((a, b) => b.meetings - a.meetings)
    return table({ rows: used, columns: FEATURES, label: 'Features used', one: 'feature', sticky: false, href: row => calls({ feature: row.feature }), empty: empty('No feature was used.') })
  }, signal)
  into('departments', async () => {
    const { departments } = await get('/v1/usage/departments', params, signal)
    return table({ rows: departments, columns: DEPARTMENTS, label: 'Departments', one: 'department', sticky: false, href: row => (row.department ? calls({ department: row.department }) : calls({})), empty: empty('No department is known.', 'Departments come with users: webhooks of users, or by mirroring the account.') })
  }, signal)
  into('table', async () => {
    const found = await get('/v1/usage/hosts', { ...params, sort: asked('sort', 'meetings'), order: asked('order', 'desc'), ...pageParams(SIZE) }, signal)
    return table({ rows: found.hosts, columns: HOSTS, label: 'Hosts', one: 'host', total: found.total_records, next: found.next_page_token, size: SIZE, sort: 'meetings', order: 'desc', href: row => calls({ host: row.host_id, sort: 'bad' }), empty: empty('Nobody hosted a call in this range.') })
  }, signal)
})
