// What a webinar has beyond a meeting: who registered and came, how long they stayed, polls, questions.
import { get } from './api.js'
import { chart, expectChart } from './chart.js'
import { h } from './dom.js'
import { clock, clockTime, count, length, number, percent, unit } from './format.js'
import { empty, into } from './page.js'
import { tiles } from './tiles.js'

/** Attendees minute by minute. */
function curve(points) {
  if (points.length < 2) return empty('Nobody attended yet.')
  const peak = points.reduce((most, point) => (point.attendees > most.attendees ? point : most))
  const note = `Most at once: ${number(peak.attendees)} at ${clock(peak.at)}.`
  return chart('attendance', points.map(point => ({ ...point, says: `${clock(point.at)}: ${count(point.attendees, 'attendee')}` })), { label: `Attendees by minute. ${note}`, note })
}

const poll = one => h('li', {}, h('h3', {}, one.question), h('p', { class: 'quiet' }, `${count(one.respondents, 'person', 'people')} answered, ${percent(one.share_responded, 0)} of the attendees`),
  h('ul', { class: 'answers' }, one.answers.map(answer => h('li', {}, h('span', {}, answer.answer), h('span', { class: 'bar' }, h('i', { style: { width: `${answer.share * 100}%` } })), h('span', { class: 'number' }, `${percent(answer.share, 0)} (${number(answer.count)})`)))))

const question = (asker, one) => h('li', {}, h('p', {}, h('strong', {}, asker || 'Anonymous'), ': ', one.question), h('p', { class: one.answer ? null : 'quiet' }, one.answer || 'Not answered.'))

function senders(found) {
  if (!found.senders.length) return empty('Nothing is known of the senders’ streams.')
  return [h('div', { class: 'table-scroll' }, h('table', { class: 'rows' }, h('caption', { class: 'hidden' }, 'Streams that the host and panelists sent'), h('thead', {}, h('tr', {}, ['Who', 'Medium', 'Bad minutes', 'Loss', 'Latency', 'Drops'].map((title, n) => h('th', { scope: 'col', class: n > 1 ? 'number' : null, title: n === 3 || n === 4 ? '95 % of the minutes stay within' : null }, title)))),
    h('tbody', {}, found.senders.flatMap(one => one.streams.map((stream, n) => h('tr', {}, h('td', {}, n ? '' : [one.name, h('span', { class: 'quiet' }, ` ${one.role}`)]), h('td', {}, stream.medium),
      h('td', { class: 'number' }, `${number(stream.bad_minutes)} of ${number(stream.judged_minutes)}`), h('td', { class: 'number' }, unit(stream.p95_loss_percent, '%', 1)), h('td', { class: 'number' }, unit(stream.p95_latency_ms, 'ms')), h('td', { class: 'number' }, n ? '' : number(one.drops)))))))),
    found.issues.length ? h('ul', { class: 'list' }, found.issues.slice(0, 20).map(issue => h('li', {}, clockTime(issue.at), ` ${issue.type}${issue.name ? `, ${issue.name}` : ''}: ${issue.text}`))) : null]
}

/** Fill a webinar's own boxes. */
export function webinar(api, signal) {
  expectChart()
  const engagement = get(`${api}/engagement`, {}, signal)
  const host = get(`${api}/host`, {}, signal)
  engagement.catch(() => {})
  host.catch(() => {})
  into('tiles', async () => {
    const [found, of] = [await engagement, await host.catch(() => null)]
    const mean = (name, show) => (of?.compared_with && of.others[name] !== undefined ? `${show(of.others[name])} in the host’s ${of.compared_with === 1 ? 'other one' : `${number(of.compared_with)} others`}` : 'No other of this host to compare with')
    return tiles([
      { label: 'Registered', value: number(found.registered_approved), unit: 'people', change: found.registered_approved ? [found.registered_pending ? `${number(found.registered_pending)} wait for approval` : '', found.registered_cancelled ? `${number(found.registered_cancelled)} cancelled` : ''].filter(Boolean).join(', ') : 'No registration is known', href: '#attendance' },
      { label: 'Attended', value: number(found.attended), unit: found.registered_approved ? `${percent(found.attendance_rate, 0)} of them` : 'people', change: mean('attended', value => number(value, 0)), href: '#attendance' },
      { label: 'Average stay', value: length(found.average_stay_seconds), change: mean('average_stay_seconds', length), href: '#curve' },
      { label: 'Took part', value: percent(found.share_engaged, 0), change: mean('share_engaged', value => percent(value, 0)), title: 'Asked, answered a poll, wrote, reacted or raised a hand', href: '#polls' },
    ])
  }, signal)
  into('curve', async () => curve((await engagement).curve), signal)
  into('polls', async () => {
    const { polls } = await engagement
    return polls.length ? h('ol', { class: 'list' }, polls.map(poll)) : empty('No polls.', 'Zoom tells of polls in reports only: load them through /v1/facts/answers, or mirror the account.')
  }, signal)
  into('questions', async () => {
    const found = await get(api.replace('/v1/webinars/', '/v2/report/webinars/') + '/qa', {}, signal)
    const all = found.questions.flatMap(one => one.question_details.map(each => question(one.name, each)))
    return all.length ? h('ol', { class: 'list' }, all) : empty('Nobody asked.')
  }, signal)
  into('senders', async () => senders(await get(`${api}/stream_quality`, {}, signal)), signal)
}
