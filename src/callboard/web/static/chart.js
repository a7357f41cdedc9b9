// Charts: Vega-Lite specs from the server, drawn by a library that is loaded when the first chart is. Each has a table behind a toggle.
import { h } from './dom.js'
import { bytes, clock, number, percent, plainDay, unit } from './format.js'

const FORMS = { number: value => number(value), hours: value => unit(value, 'h', 1), percent: value => percent(value), bytes }
const SLOW = 1500
const ERRORS = 1 // a field of which nothing is known is no reason to warn

/** A promise that is made once, and again only if it failed. */
function once(make) {
  let made = null
  return () => {
    made ??= make()
    made.catch(() => { made = null })
    return made
  }
}
const here = import.meta.url
/** What the server says of charts: `{bundle, config, charts}`. */
const catalogue = once(async () => (await fetch(new URL('./charts.json', here))).json())
/** What draws them. */
const library = once(async () => (await import(new URL(`../${(await catalogue()).bundle}`, here).href)).embed)
/** A chart will come: what draws it loads while the page asks for its data. */
export const expectChart = () => { library().catch(() => {}) }

const locale = navigator.languages?.length ? [...navigator.languages] : undefined
/** The reader's way to write numbers and dates, as d3 takes it. */
function locales() {
  const part = (type, options = {}) => new Intl.NumberFormat(locale, options).formatToParts(-1234567.8).find(one => one.type === type)?.value
  const names = (options, count, at) => Array.from({ length: count }, (_, n) => new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(at(n)))
  const days = style => names({ weekday: style }, 7, n => Date.UTC(2023, 0, 1 + n))
  const months = style => names({ month: style }, 12, n => Date.UTC(2023, n, 1))
  return {
    formatLocale: { decimal: part('decimal') ?? '.', thousands: part('group') ?? ',', grouping: [3], currency: ['', ''] },
    timeFormatLocale: { dateTime: '%c', date: '%x', time: '%X', periods: ['AM', 'PM'], days: days('long'), shortDays: days('short'), months: months('long'), shortMonths: months('short') },
  }
}
const monthFirst = () => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' }).formatToParts(0).findIndex(one => one.type === 'month') === 0

const twelveHours = () => new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions().hour12
/** A spec in the reader's order of day and month, and hours. */
function ordered(spec) {
  const axis = spec.encoding.x.axis
  if (monthFirst() && axis.format === '%-d %b') axis.format = '%b %-d'
  if (twelveHours() && axis.format === '%H:%M') axis.format = '%-I:%M %p'
  return spec
}

let tip = null
/** What is hovered over, in words, beside the pointer. */
function showTip(_, event, item, value) {
  tip ??= document.body.appendChild(h('div', { class: 'chart-tip', 'aria-hidden': 'true' }))
  tip.hidden = !value || !item
  if (tip.hidden) return
  tip.textContent = value
  const { clientWidth: wide } = document.documentElement
  tip.style.setProperty('left', `${Math.max(4, Math.min(event.clientX + 12, wide - tip.offsetWidth - 4))}px`)
  tip.style.setProperty('top', `${Math.max(4, event.clientY - tip.offsetHeight - 12)}px`)
}

/** A click on what has a door goes through it as through any link of the page. */
function follow(box, event, item) {
  if (!item?.datum?.href) return
  const link = box.appendChild(h('a', { href: item.datum.href, hidden: true }))
  link.dispatchEvent(new MouseEvent('click', event))
  link.remove()
}

async function draw(box, name, rows) {
  if (tip) tip.hidden = true
  const slow = setTimeout(() => box.replaceChildren(h('p', { class: 'quiet' }, 'Charts are being prepared: a few seconds, the first time only.')), SLOW)
  try {
    const [embed, { charts, config }] = [await library(), await catalogue()]
    if (!box.isConnected) await new Promise(requestAnimationFrame)
    const spec = ordered(structuredClone(charts[name].spec))
    spec.data.values = rows
    delete spec.data.name
    delete spec.encoding.href // followed by us
    const inner = h('div', { class: 'chart-drawn', 'aria-hidden': 'true' }) // the box has a label, and a table
    clearTimeout(slow)
    box.replaceChildren(inner)
    const { view } = await embed(inner, spec, { ast: true, mode: 'vega-lite', renderer: 'svg', actions: false, defaultStyle: false, config, tooltip: showTip, hover: false, logLevel: ERRORS, ...locales() })
    view.addEventListener('click', (event, item) => follow(box, event, item))
    box.removeAttribute('data-drawing')
  } finally {
    clearTimeout(slow)
  }
}

function asTable({ title, by, shown: all }, rows) {
  const shown = all.filter(one => rows.some(row => row[one.name] !== null && row[one.name] !== undefined))
  const [period, day] = { day: ['Day', row => plainDay(row.day)], month: ['Month', row => row.day.slice(0, 7)], minute: ['Minute', row => clock(row.at)] }[by]
  return h('div', { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': title }, h('table', { class: 'rows' },
    h('caption', { class: 'hidden' }, title),
    h('thead', {}, h('tr', {}, [period, ...shown.map(one => one.title)].map((text, n) => h('th', { scope: 'col', class: n ? 'number' : null }, text)))),
    h('tbody', {}, rows.map(row => h('tr', {}, h('td', {}, row.href ? h('a', { href: row.href }, day(row)) : day(row)),
      shown.map(one => h('td', { class: 'number' }, FORMS[one.form](row[one.name]))))))))
}

/** A chart of the server's catalogue. Rows are `{day, ...}` or `{at, ...}`, each with `says`, a sentence, and `href`, its door.
 * Null where nothing is known. */
export function chart(name, rows, { label, note = '' }) {
  const told = row => Object.entries(row).some(([key, value]) => !['day', 'at', 'says', 'href'].includes(key) && value !== null && value !== undefined)
  if (!rows.some(told)) return null
  const box = h('div', { class: 'chart', 'data-drawing': '', role: 'img', 'aria-label': label }, h('span', { class: 'grey fill' }))
  const table = h('div', { class: 'chart-table', hidden: true })
  const toggle = h('button', { type: 'button', class: 'link', 'aria-pressed': 'false', onclick: () => show(table.hidden) }, 'As a table')
  async function show(asked) {
    if (asked && !table.hasChildNodes()) table.append(asTable((await catalogue()).charts[name], rows))
    table.hidden = !asked
    box.hidden = asked
    toggle.setAttribute('aria-pressed', String(asked))
  }
  const made = h('figure', { class: 'chart-box' }, box, table, h('figcaption', {}, h('span', { class: 'quiet' }, note), toggle))
  draw(box, name, rows).catch(error => {
    console.error(error)
    box.replaceChildren(h('p', { class: 'state wrong' }, 'The chart could not be drawn. Its numbers are in its table.'))
  })
  return made
}
