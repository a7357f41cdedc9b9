// Team chat: how much is written, where, and by whom.
import { segment } from './api.js'
import { bar, headed } from './bars.js'
import { fill, slot } from './dom.js'
import { count, number, percent } from './format.js'
import { empty, into, page } from './page.js'
import { range } from './range.js'
import { all } from './room_data.js'
import { share } from './share.js'
import { table } from './table.js'
import { tiles } from './tiles.js'

const SHOWN = 200
const sum = (rows, value) => rows.reduce((total, row) => total + value(row), 0)
const files = row => row.files_sent + row.images_sent + row.giphys_sent + row.audio_sent + row.video_sent

function columns(rows) {
  const most = Math.max(1, ...rows.map(row => row.total_sent))
  const plain = (key, title, value, more = {}) => ({ key, title, number: true, value, cell: row => headed(number(value(row)), title.toLowerCase()), ...more })
  return [
    { key: 'name', title: 'Person', card: 'title', value: row => row.user_name, cell: row => row.user_name || row.email || row.user_id },
    { key: 'sent', title: 'Messages', number: true, card: 'state', value: row => row.total_sent, cell: row => bar(row.total_sent / most, number(row.total_sent)) },
    plain('group', 'In channels', row => row.group_sent, { card: 'line' }),
    plain('p2p', 'To one person', row => row.p2p_sent),
    plain('files', 'Files', files),
    plain('images', 'Images', row => row.images_sent, { off: true }),
    plain('code', 'Code snippets', row => row.code_sippet_sent, { off: true }),
    { key: 'email', title: 'Mail', off: true, value: row => row.email, cell: row => row.email || '–' },
  ]
}

page(signal => {
  const asking = all('/v2/metrics/chat', { from: range().from, to: range().to }, 'users', signal).then(found => found.users.filter(user => user.total_sent))
  asking.catch(() => {})
  fill(slot('tools'), share())
  into('counts', async () => `${count((await asking).length, 'person', 'people')} wrote`, signal)
  into('answer', async () => {
    const rows = await asking
    const total = sum(rows, row => row.total_sent)
    if (!total) return `Nobody wrote in team chat ${range().says.toLowerCase()}.`
    const sorted = [...rows].sort((a, b) => b.total_sent - a.total_sent)
    const tenth = sorted.slice(0, Math.ceil(rows.length / 10))
    return `${count(total, 'message')} by ${count(rows.length, 'person', 'people')}, ${number(total / range().days)} a day; ${percent(sum(rows, row => row.group_sent) / total, 0)} in channels. The busiest tenth wrote ${percent(sum(tenth, row => row.total_sent) / total, 0)}.`
  }, signal)
  into('tiles', async () => {
    const rows = await asking
    const total = sum(rows, row => row.total_sent)
    return tiles([
      { label: 'Messages', value: number(total), change: `${number(total / range().days)} a day`, href: '?sort=sent#people' },
      { label: 'People who wrote', value: number(rows.length), change: rows.length ? `${number(total / rows.length)} messages each` : '', href: '?sort=name&order=asc#people' },
      { label: 'In channels', value: total ? number(sum(rows, row => row.group_sent) / total * 100, 1) : '–', unit: total ? '%' : '', change: `${number(sum(rows, row => row.p2p_sent))} to one person`, href: '?sort=group#people' },
      { label: 'Files, images and clips', value: number(sum(rows, files)), change: `${number(sum(rows, row => row.images_sent))} images`, href: '?sort=files#people' },
    ])
  }, signal)
  into('table', async () => {
    const rows = await asking
    const most = [...rows].sort((a, b) => b.total_sent - a.total_sent).slice(0, SHOWN)
    return table({
      rows: most, columns: columns(rows), label: 'Who wrote', one: 'person', many: rows.length > SHOWN ? `people, the busiest of ${number(rows.length)}` : 'people', local: true, sort: 'sent', order: 'desc', choose: true,
      href: row => `/people/${segment(row.user_id)}`, empty: empty('Nobody wrote in this range.', 'Messages come with Zoom’s team chat webhooks.'),
    })
  }, signal)
})
