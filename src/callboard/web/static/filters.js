// Filters: in the address, shown as chips, chosen in a form that knows the account's own values.
import { get } from './api.js'
import { asked, change, others } from './address.js'
import { h } from './dom.js'
import { QUALITY, WEEKDAYS } from './format.js'

const minutes = text => `${text} min`
/** By name in the address: what a chip says, and how the form asks. */
export const FILTERS = {
  q: { says: value => `“${value}”`, title: 'Topic, host or number', kind: 'text' },
  host: { says: value => `Host ${value}`, title: 'Host', kind: 'known' },
  person: { says: value => `With ${value}`, title: 'Person', kind: 'hidden' },
  department: { says: value => `Department ${value}`, title: 'Department of the host', kind: 'values' },
  site: { says: value => `Site ${value}`, title: 'Site of someone in it', kind: 'values' },
  platform: { says: value => `On ${value}`, title: 'Platform', kind: 'values' },
  quality: { says: value => value.split(',').map(one => QUALITY[one === 'none' ? '' : one] ?? one).join(' or '), title: 'Quality', kind: 'checks',
    choices: [['good', 'Good'], ['fair', 'Fair'], ['poor', 'Poor'], ['bad', 'Bad'], ['none', 'Not judged']] },
  feature: { says: value => value.replaceAll(',', ' and ').replaceAll('_', ' '), title: 'Feature used', kind: 'values' },
  min_participants: { says: value => `${value} people or more`, title: 'People, from', kind: 'number' },
  max_participants: { says: value => `${value} people at most`, title: 'to', kind: 'number' },
  min_minutes: { says: value => `${minutes(value)} or more`, title: 'Minutes, from', kind: 'number' },
  max_minutes: { says: value => `${minutes(value)} at most`, title: 'to', kind: 'number' },
  min_bad: { says: value => `${Math.round(value * 100)} % bad minutes or more`, title: 'Bad minutes, from (share)', kind: 'hidden' },
  weekday: { says: value => value.split(',').map(one => WEEKDAYS[one - 1]).join(' or '), title: 'Weekday', kind: 'checks', choices: WEEKDAYS.map((day, n) => [String(n + 1), day]) },
  hour: { says: value => `at ${value.padStart(2, '0')}:00`, title: 'Hour', kind: 'hidden' },
}

/** The filters that are set, as parameters of the API. */
export const filterParams = () => Object.fromEntries(Object.keys(FILTERS).filter(name => asked(name)).map(name => [name, asked(name)]))

const names = new Map()
/** Tell the chips what an id is called. */
export const learn = (id, name) => { if (id && name) names.set(id, name) }

/** Chips of what is set, each with its way out; and a way to clear all. */
export function chips() {
  const set = Object.entries(filterParams())
  const drop = name => change({ [name]: '', page: '' })
  return [
    ...set.map(([name, value]) => {
      const says = FILTERS[name].says(names.get(value) ?? value)
      return h('span', { class: 'chip' }, says, h('button', { type: 'button', 'aria-label': `Without ${says}`, onclick: () => drop(name) }, '×'))
    }),
    set.length > 1 ? h('button', { type: 'button', class: 'plain', onclick: () => change({ ...Object.fromEntries(set.map(([name]) => [name, ''])), page: '' }) }, 'Clear all') : null,
  ]
}

/** The form behind “Filter”. Its lists are asked for when it is opened first. */
export function filterMenu(allowed = Object.keys(FILTERS)) {
  const shown = allowed.filter(name => FILTERS[name].kind !== 'hidden')
  const form = h('form', { class: 'filter-form', onsubmit: event => { event.preventDefault(); apply(menu, form, shown) } },
    layout(shown), h('div', {}, h('button', { type: 'submit', class: 'first' }, 'Show')))
  const menu = h('details', { class: 'menu', 'data-menu': 'filter' }, h('summary', {}, 'Filter'), h('div', { class: 'sheet' }, form))
  menu.addEventListener('toggle', () => {
    if (!menu.open) return
    if (!form.dataset.filled) { form.dataset.filled = 'yes'; offer(form, shown) }
    form.querySelector('input, select').focus()
  })
  return menu
}

function layout(shown) {
  const made = []
  for (let n = 0; n < shown.length; n += 1) {
    const pair = shown[n].startsWith('min_') && shown[n + 1] === shown[n].replace('min_', 'max_')
    made.push(pair ? h('div', { class: 'pair' }, field(shown[n]), field(shown[n += 1])) : field(shown[n]))
  }
  return made
}

function field(name) {
  const { title, kind, choices } = FILTERS[name]
  const value = asked(name)
  if (kind === 'checks') {
    const set = value.split(',')
    return h('fieldset', {}, h('legend', {}, title), choices.map(([one, word]) => h('label', { class: 'check' }, h('input', { type: 'checkbox', name, value: one, checked: set.includes(one) }), word)))
  }
  if (kind === 'values') return h('label', {}, title, h('select', { name }, h('option', { value: '' }, 'Any'), value ? h('option', { value, selected: true }, value) : null))
  if (kind === 'known') return h('label', {}, title, h('input', { name, list: `${name}-known`, value: names.get(value) ?? value, autocomplete: 'off' }), h('datalist', { id: `${name}-known` }))
  return h('label', {}, title, h('input', { name, type: kind === 'number' ? 'number' : 'search', min: kind === 'number' ? 0 : null, value }))
}

async function offer(form, shown) {
  await Promise.all(shown.filter(name => ['values', 'known'].includes(FILTERS[name].kind)).map(async name => {
    let values
    try { ({ values } = await get(`/v1/dimensions/${name}`, { limit: 300 })) } catch { return }
    const set = asked(name)
    if (FILTERS[name].kind === 'known') {
      for (const one of values) learn(one.value, one.title)
      form.querySelector(`#${name}-known`).replaceChildren(...values.map(one => h('option', { value: one.title })))
      return
    }
    form.elements[name].replaceChildren(h('option', { value: '' }, 'Any'),
      ...values.filter(one => one.value).map(one => h('option', { value: one.value, selected: one.value === set }, one.title || one.value)))
  }))
}

function apply(menu, form, shown) {
  const set = {}
  for (const name of shown) {
    const { kind } = FILTERS[name]
    if (kind === 'checks') set[name] = [...form.querySelectorAll(`input[name="${name}"]:checked`)].map(input => input.value)
    else set[name] = form.elements[name].value.trim()
    if (kind === 'known') set[name] = [...names].find(([, title]) => title === set[name])?.[0] ?? set[name]
  }
  menu.open = false
  menu.querySelector('summary').focus()
  change({ ...set, page: '' })
}

/** Every set name of the address that is neither paging nor sorting, for the same view elsewhere. */
export const view = () => others('page', 'columns')
