// All that a search found.
import { get } from './api.js'
import { asked } from './address.js'
import { h } from './dom.js'
import { dayTime } from './format.js'
import { empty, into, page } from './page.js'
import { door } from './search.js'
import { table } from './table.js'

const COLUMNS = [
  { key: 'title', title: 'Found', card: 'title', cell: one => one.title || 'Untitled' },
  { key: 'type', title: 'What', card: 'state', cell: one => one.type },
  { key: 'detail', title: 'About', card: 'line', cell: one => one.detail || '–' },
  { key: 'time', title: 'When', card: 'line', cell: one => (one.time ? dayTime(one.time) : '–') },
]

page(signal => {
  const q = asked('q').trim()
  document.getElementById('search').value = q
  into('table', async () => {
    if (q.length < 2) return empty('Search for two letters or more.', 'Topics, people, mail addresses, meeting ids and rooms are found.')
    const { found } = await get('/v1/search', { q, limit: 50 }, signal)
    return [h('p', { class: 'answer' }, found.length ? `Found for “${q}”, the newest first of each kind.` : ''), table({ rows: found, columns: COLUMNS, label: 'Found', one: 'thing', href: door, empty: empty(`Nothing found for “${q}”.`, 'Search looks at topics, names, mail addresses, meeting ids and rooms.') })]
  }, signal)
})
