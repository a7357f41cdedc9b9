// Where it is bad: bad minutes split by one or two things, beside those of another period.
import { get, query } from './api.js'
import { asked, askedList, change, withChanges } from './address.js'
import { bandOf, bar } from './bars.js'
import { chart, expectChart } from './chart.js'
import { fill, h, slot } from './dom.js'
import { count, network, number, percent, plainDay, points, quality, unit } from './format.js'
import { empty, into, page } from './page.js'
import { range, rangeParams, versus } from './range.js'
import { share } from './share.js'
import { table } from './table.js'
import { tiles } from './tiles.js'

const DIMENSIONS = {
  site: 'Site', network: 'Network', address: 'Address or provider', device: 'Device', os: 'System', version: 'Client version', data_center: 'Data centre',
  connection: 'Transport of audio', department: 'Department', host: 'Host', kind: 'Meeting or webinar', hour: 'Hour it began (UTC)', cause: 'Likely cause',
}
const MEDIA = { all: 'Worst of all', audio: 'Audio', video: 'Video', sharing: 'Sharing' }
const KINDS = { '': 'Both', meeting: 'Meetings', webinar: 'Webinars' }
const NEXT = { site: 'network', network: 'site', cause: 'site' }
const FEW = 300

const by = () => {
  const names = askedList('by').filter(name => name in DIMENSIONS).slice(0, 2)
  return names.length ? [...new Set(names)] : ['site']
}
const choice = (name, of) => (asked(name) in of ? asked(name) : Object.keys(of)[0])

const word = (name, value) => (value === '' ? 'Unknown' : name === 'network' ? network(value) : name === 'hour' ? `${value}:00` : value)
const shareOf = figures => (figures.judged_minutes ? figures.bad_minutes / figures.judged_minutes : null)
const LEAST = 0.1
/** Of a period of which next to nothing is known, nothing can be said. */
const comparable = found => found.total_before.judged_minutes > found.total.judged_minutes * LEAST
const said = groupBefore => (groupBefore.judged_minutes ? shareOf(groupBefore) : null)

function options(of, now) {
  return Object.entries(of).map(([value, title]) => h('option', { value, selected: value === now }, title))
}
function select(title, name, of, now, set) {
  return h('label', {}, title, h('select', { name, onchange: event => set(event.target.value) }, options(of, now)))
}

function splitter() {
  const [first, second = ''] = by()
  const others = { '': 'Nothing else', ...Object.fromEntries(Object.entries(DIMENSIONS).filter(([name]) => name !== first)) }
  return h('div', { class: 'splitter', role: 'group', 'aria-label': 'How to split' },
    select('Split by', 'by', DIMENSIONS, first, value => change({ by: [value, value === second ? '' : second].filter(Boolean), only: '' })),
    select('and by', 'and', others, second, value => change({ by: [first, value].filter(Boolean), only: '' })),
    select('Medium', 'medium', MEDIA, choice('medium', MEDIA), value => change({ medium: value === 'all' ? '' : value })),
    select('Of', 'kind', KINDS, choice('kind', KINDS), value => change({ kind: value })),
    asked('only') ? h('span', { class: 'chip' }, `${DIMENSIONS[first]} ${word(first, asked('only'))}`, h('button', { type: 'button', 'aria-label': 'Without', onclick: () => change({ only: '', by: first }) }, '×')) : null)
}

/** The calls that a group's minutes are of, where the list of calls can be asked so; else the group split once more. */
function door(names, group) {
  const filters = { sort: 'bad', ...rangeParams() }
  const known = { site: 'site', host: '', kind: '', department: '' }
  const value = name => group.values[names.indexOf(name)]
  if (names.length === 2 || names[0] === 'site') {
    const set = names.filter(name => known[name] && value(name)).map(name => [known[name], value(name)])
    if (names.length === 2 && set.length) return `/meetings${query({ ...filters, ...Object.fromEntries(set) })}`
  }
  if (names.length === 1) return withChanges({ by: [names[0], NEXT[names[0]] ?? 'site'], only: group.values[0] || null })
  return withChanges({ by: [names[1], NEXT[names[1]] ?? 'site'], only: value(names[1]) || null })
}

function columns(names, found) {
  const compared = comparable(found)
  const worst = Math.max(...found.groups.map(group => group.bad_minutes), 1)
  const caused = names.includes('cause')
  const made = names.map((name, n) => ({ key: name, title: DIMENSIONS[name], card: n ? 'line' : 'title', value: group => group.values[n], cell: group => word(name, group.values[n]) }))
  const moved = group => (shareOf(group) === null || said(group.before) === null ? null : shareOf(group) - said(group.before))
  return [
    ...made,
    caused ? null : { key: 'share', title: 'Bad minutes, share', number: true, card: 'state', value: shareOf, cell: group => quality(bandOf(shareOf(group)), percent(shareOf(group))) },
    caused || !compared ? null : { key: 'moved', title: 'Change, points', number: true, value: moved, says: 'Against the period compared with', cell: group => (moved(group) === null ? '–' : points(moved(group))) },
    { key: 'bad', title: 'Bad minutes', number: true, card: 'line', value: group => group.bad_minutes, cell: group => bar(group.bad_minutes / worst, unit(group.bad_minutes, 'min'), 'bad') },
    { key: 'of', title: 'Of all bad', number: true, value: group => group.bad_minutes, cell: group => percent(found.total.bad_minutes ? group.bad_minutes / found.total.bad_minutes : null) },
    compared ? { key: 'were', title: 'Bad minutes then', number: true, off: true, value: group => group.before.bad_minutes, cell: group => number(group.before.bad_minutes) } : null,
    caused ? null : { key: 'judged', title: 'Judged', number: true, value: group => group.judged_minutes, cell: group => unit(group.judged_minutes, 'min'), says: 'Minutes of joins that could be judged' },
    { key: 'hit', title: 'Joins hit', number: true, value: group => group.joins_hit, cell: group => (caused ? number(group.joins_hit) : `${number(group.joins_hit)} of ${number(group.joins)}`) },
    caused ? null : { key: 'run', title: 'Longest run', number: true, off: true, value: group => group.longest_run, cell: group => unit(group.longest_run, 'min'), says: 'Most bad minutes in a row that one join had' },
  ].filter(Boolean)
}

function answer(found, names) {
  const total = found.total
  if (!total.judged_minutes && !names.includes('cause')) return `Nothing is known of quality ${range().says.toLowerCase()}: no QoS came in.`
  const [top] = found.groups
  const parts = []
  if (total.judged_minutes) {
    parts.push(`${percent(1 - shareOf(total))} good minutes`)
    const was = said(found.total_before)
    if (comparable(found)) parts.push(`, ${points(Math.abs(was - shareOf(total))).replace('+', '')} points ${was >= shareOf(total) ? 'over' : 'under'} ${plainDay(found.before_from)} – ${plainDay(found.before_to)}`)
    parts.push('. ')
  }
  if (top?.bad_minutes && found.total.bad_minutes) {
    const name = top.values.map((value, n) => word(names[n], value)).join(', ')
    parts.push(h('a', { href: door(names, top) }, name), ` has ${percent(top.bad_minutes / total.bad_minutes, 0)} of the bad minutes`,
      total.judged_minutes ? ` with ${percent(top.judged_minutes / total.judged_minutes, 0)} of all.` : '.')
  }
  return parts
}

function figures(found) {
  const [now, was] = [found.total, found.total_before]
  const compared = comparable(found)
  const against = text => (!versus() ? '' : compared ? text : was.judged_minutes ? 'Too little is known of then' : 'Nothing to compare with')
  return tiles([
    { label: 'Good minutes', value: now.judged_minutes ? number((1 - shareOf(now)) * 100, 1) : '–', unit: now.judged_minutes ? '%' : '', change: against(`${points(said(was) - shareOf(now))} points`), worse: compared && shareOf(now) - said(was) > 0.01, href: `/meetings${query({ sort: 'bad', ...rangeParams() })}` },
    { label: 'Bad minutes', value: number(now.bad_minutes), unit: 'min', change: against(`${number(was.bad_minutes)} then`), href: `/meetings${query({ quality: 'poor,bad', ...rangeParams() })}` },
    { label: 'Joins with a bad minute', value: number(now.joins_hit), unit: `of ${number(now.joins)}`, change: against(`${percent(was.joins ? was.joins_hit / was.joins : null)} then`), href: `/meetings${query({ min_bad: 0.0001, ...rangeParams() })}` },
    { label: 'Longest bad stretch', value: number(now.longest_run), unit: 'min', change: against(`${unit(was.longest_run, 'min')} then`), href: `/meetings${query({ quality: 'bad', sort: 'bad', ...rangeParams() })}` },
  ])
}

/** Two dimensions at once: the most frequent of each, its share in the cell. */
function matrix(found, names) {
  if (names.length < 2 || names.includes('cause') || asked('only')) return null
  const sums = n => {
    const made = new Map()
    for (const group of found.groups) made.set(group.values[n], (made.get(group.values[n]) ?? 0) + group.judged_minutes)
    return [...made].sort((a, b) => b[1] - a[1]).map(([value]) => value)
  }
  const [rows, cols] = [sums(0).slice(0, 12), sums(1).slice(0, 8)]
  const at = new Map(found.groups.map(group => [group.values.join('\n'), group]))
  const cell = (row, col) => {
    const group = at.get(`${row}\n${col}`)
    if (!group?.judged_minutes) return h('td', { class: 'number quiet' }, '–')
    const says = `${count(group.bad_minutes, 'bad minute')} of ${number(group.judged_minutes)}`
    return h('td', { class: group.judged_minutes < 60 ? 'number thin' : 'number', title: says }, h('a', { href: door(names, group), 'aria-label': `${word(names[0], row)}, ${word(names[1], col)}: ${percent(shareOf(group))}, ${says}` }, quality(bandOf(shareOf(group)), percent(shareOf(group)))))
  }
  return h('section', { class: 'box', 'aria-label': `${DIMENSIONS[names[0]]} by ${DIMENSIONS[names[1]]}` }, h('h2', {}, `Share of bad minutes, ${DIMENSIONS[names[0]].toLowerCase()} by ${DIMENSIONS[names[1]].toLowerCase()}`),
    h('div', { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': 'Two at once' }, h('table', { class: 'rows matrix' },
      h('thead', {}, h('tr', {}, h('td', {}), cols.map(col => h('th', { scope: 'col', class: 'number' }, word(names[1], col))))),
      h('tbody', {}, rows.map(row => h('tr', {}, h('th', { scope: 'row' }, word(names[0], row)), cols.map(col => cell(row, col))))))),
    h('p', { class: 'quiet' }, 'Those with the most judged minutes; all of them are in the table below.'))
}

/** The share of each day with its usual range: that of the same weekday in the eight weeks before. */
function days(found) {
  if (found.days.length < 2) return null
  const usual = day => (day.usual_low === null ? '' : `; usual for that weekday: ${percent(day.usual_low)} to ${percent(day.usual_high)}`)
  const rows = found.days.map(day => ({
    day: day.day, value: day.share_bad, low: day.usual_low, middle: day.usual_middle, high: day.usual_high, href: `/meetings${query({ from: day.day, to: day.day, sort: 'bad' })}`,
    says: `${plainDay(day.day)}: ${day.share_bad === null ? 'nothing judged' : `${percent(day.share_bad)} bad minutes`}${usual(day)}`,
  }))
  const beyond = rows.filter(row => row.high !== null && row.value > row.high).length
  const note = rows.some(row => row.high !== null) ? `The band is what is usual for that weekday; ${beyond ? `${count(beyond, 'day')} above it, marked` : 'no day is above it'}.` : 'What is usual is known after three weeks.'
  return h('section', { class: 'box', 'aria-label': 'Share of bad minutes by day' }, h('h2', {}, 'Share of bad minutes by day, %'),
    chart('quality_days', rows, { label: `Share of bad minutes by day. ${note}`, note }) ?? empty('Nothing was judged in this range.'))
}

function narrowed(found) {
  const only = asked('only')
  return only ? { ...found, groups: found.groups.filter(group => group.values[0] === only) } : found
}

expectChart()
page(signal => {
  const names = by()
  const past = versus()
  const params = { from: range().from, to: range().to, by: names, medium: choice('medium', MEDIA), kind: choice('kind', KINDS), page_size: FEW, ...(past ? { before_from: past.from, before_to: past.to } : {}) }
  const asking = get('/v1/quality', params, signal)
  asking.catch(() => {})
  fill(slot('tools'), share())
  fill(slot('splitter'), splitter())
  into('counts', async () => `judged by profile ${(await asking).profile}`, signal)
  into('answer', async () => answer(await asking, names), signal)
  into('tiles', async () => figures(names.includes('cause') ? await get('/v1/quality', { ...params, by: 'kind', page_size: 1 }, signal) : await asking), signal)
  into('days', async () => days(await get('/v1/quality/days', { from: range().from, to: range().to, medium: choice('medium', MEDIA), kind: choice('kind', KINDS) }, signal)), signal)
  into('matrix', async () => matrix(await asking, names), signal)
  into('table', async () => {
    const found = narrowed(await asking)
    return table({
      rows: found.groups, columns: columns(names, found), label: 'Where it is bad', one: 'group', local: true, sort: 'bad', order: 'desc', choose: true, href: group => door(names, group),
      empty: empty('Nothing to split.', 'No quality minutes came in this range. Take a longer range, or look at Data for what came in.'),
    })
  }, signal)
})
