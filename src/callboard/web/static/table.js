// Tables: sort in the head, columns to choose, the whole row a link, arrow keys, cards on a phone, pages below.
import { asked, askedList, change, withChanges } from './address.js'
import { h } from './dom.js'
import { count, number } from './format.js'

/**
 * A table of rows.
 *
 * columns: `{key, title, cell(row), number, sort (name for the API, when it can sort by it), desc (first click sorts down),
 *            card: 'title'|'state'|'line', off (not shown unless chosen), wrap}`
 * options: `{rows, columns, href(row), label, one, many, total, next, sort, order, choose, sticky, empty, tools, local}`
 * `local` sorts the given rows here by each column's `value(row)`, for tables that are whole.
 */
export function table(options) {
  const { columns, label, tools = [] } = options
  const chosen = askedList('columns')
  const shown = columns.filter(column => (chosen.length && options.choose ? chosen.includes(column.key) : !column.off))
  const rows = options.local ? sorted(options) : options.rows
  const body = h('tbody', {}, rows.map(row => line(row, shown, options)))
  body.addEventListener('click', event => {
    const row = event.target.closest('tr[data-href]')
    if (!row || event.target.closest('a, button, input') || getSelection()?.toString()) return
    if (event.ctrlKey || event.metaKey) open(row.dataset.href, '_blank', 'noopener')
    else row.querySelector('a.row-link').click()
  })
  body.addEventListener('keydown', event => {
    const step = { ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' }[event.key]
    const row = event.target.closest('tr')
    const next = step && row?.[step]?.querySelector('a.row-link')
    if (next) { event.preventDefault(); next.focus() }
  })
  const { total = options.rows.length, one = 'row', many } = options
  return h('div', { class: 'cards' },
    h('div', { class: 'table-tools' }, h('p', { class: 'counts' }, counts(options, total, one, many)), tools, phoneSort(columns, options), options.choose ? chooser(columns, shown) : null),
    rows.length ? h('div', { class: `table-scroll${options.sticky === false ? '' : ' sticky'}` },
      h('table', { class: 'rows' }, h('caption', { class: 'hidden' }, label), h('thead', {}, h('tr', {}, shown.map(column => head(column, options)))), body))
      : options.empty ?? null,
    options.next !== undefined ? pages(options) : null)
}

function counts(options, total, one, many) {
  const page = Number(asked('page', '1'))
  const first = (page - 1) * (options.size ?? 50)
  return total > options.rows.length ? `${number(first + 1)}–${number(first + options.rows.length)} of ${count(total, one, many)}` : count(total, one, many)
}

function line(row, shown, options) {
  const href = options.href?.(row)
  let linked = false
  return h('tr', { 'data-href': href ?? null }, shown.map(column => {
    const made = column.cell(row)
    const link = href && !linked && !column.number
    if (link) linked = true
    return h('td', { class: [column.number ? 'number' : '', column.wrap ? 'wrap' : ''].join(' ').trim() || null, 'data-card': column.card ?? null, title: typeof made === 'string' && made.length > 36 ? made : null },
      link ? h('a', { href, class: 'row-link' }, made) : made)
  }))
}

function head(column, options) {
  const name = column.sort ?? (options.local && column.value ? column.key : null)
  const [sort, order] = [asked('sort', options.sort ?? ''), asked('order', options.order ?? 'desc')]
  const by = name && name === sort
  const attributes = { scope: 'col', class: column.number ? 'number' : null, 'aria-sort': by ? (order === 'asc' ? 'ascending' : 'descending') : null, title: column.says ?? null }
  if (!name) return h('th', attributes, column.title)
  const next = by ? (order === 'asc' ? 'desc' : 'asc') : column.number || column.desc ? 'desc' : 'asc'
  const again = () => {
    change({ sort: name, order: next, page: '' })
  }
  return h('th', attributes, h('button', { type: 'button', onclick: again, 'data-sort': name }, column.title))
}

/** On a phone there is no head to sort by. */
function phoneSort(columns, options) {
  const can = columns.map(column => [column.sort ?? (options.local && column.value ? column.key : null), column]).filter(([name]) => name)
  if (!can.length) return null
  const by = asked('sort', options.sort ?? '')
  return h('label', { class: 'phone-sort' }, 'Sort', h('select', { onchange: event => {
    const column = can.find(([name]) => name === event.target.value)[1]
    change({ sort: event.target.value, order: column.number || column.desc ? 'desc' : 'asc', page: '' })
  } }, can.map(([name, column]) => h('option', { value: name, selected: name === by }, column.title))))
}

function sorted(options) {
  const [sort, order] = [asked('sort', options.sort ?? ''), asked('order', options.order ?? 'desc')]
  const column = options.columns.find(one => one.key === sort && one.value)
  if (!column) return options.rows
  const way = order === 'asc' ? 1 : -1
  const compare = (a, b) => (typeof a === 'string' ? a.localeCompare(b) : (a ?? -Infinity) - (b ?? -Infinity))
  return [...options.rows].sort((a, b) => way * compare(column.value(a), column.value(b)))
}

function chooser(columns, shown) {
  const keys = new Set(shown.map(column => column.key))
  const toggle = event => {
    const { value, checked } = event.target
    if (checked) keys.add(value)
    else keys.delete(value)
    change({ columns: columns.filter(column => keys.has(column.key)).map(column => column.key) }, { replace: true })
  }
  return h('details', { class: 'menu', 'data-menu': 'columns' }, h('summary', {}, 'Columns'),
    h('div', { class: 'sheet' }, columns.map(column =>
      h('div', {}, h('label', {}, h('input', { type: 'checkbox', value: column.key, checked: keys.has(column.key), disabled: column.card === 'title', onchange: toggle }), ` ${column.title}`)))))
}

/** Page controls; a page's token stays in the history, its number in the address. */
function pages({ next }) {
  const page = Number(asked('page', '1'))
  if (page === 1 && !next) return null
  const link = (to, text, token) => h('a', { class: 'button', href: withChanges({ page: to > 1 ? to : '' }), rel: to > page ? 'next' : 'prev', onclick: event => {
    if (event.ctrlKey || event.metaKey) return
    event.preventDefault()
    change({ page: to > 1 ? to : '' }, { state: token ? { token } : null })
    scrollTo(0, 0)
  } }, text)
  return h('nav', { class: 'page-tools', 'aria-label': 'Pages of the table' },
    page > 1 ? link(page - 1, 'Previous') : null, h('span', { class: 'quiet' }, `Page ${number(page)}`), next ? link(page + 1, 'Next', next) : null)
}

/** What the API is asked for this page of a table: its token when one is at hand, else its number. */
export function pageParams(size = 50) {
  const page = Number(asked('page', '1'))
  const token = history.state?.token
  return { page_size: size, ...(token && page > 1 ? { next_page_token: token } : page > 1 ? { page_number: page } : {}) }
}
