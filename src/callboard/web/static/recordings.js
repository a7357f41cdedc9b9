// Cloud recordings with the storage that they take, and ports of the room connector.
import { get, query, segment } from './api.js'
import { asked } from './address.js'
import { chart, expectChart } from './chart.js'
import { fill, h, slot } from './dom.js'
import { bytes, count, dayTime, length, number, plainDay } from './format.js'
import { empty, into, page } from './page.js'
import { range } from './range.js'
import { share } from './share.js'
import { pageParams, table } from './table.js'
import { tiles } from './tiles.js'

const SIZE = 50
const sum = (rows, value) => rows.reduce((all, row) => all + value(row), 0)
const portsOf = day => Math.max(0, ...day.crc_ports_hour_usage.map(hour => hour.max_usage))
const day = (name, date) => `/recordings${query({ from: date, to: date })}${name}`

function busiest(days) {
  const all = days.flatMap(one => one.crc_ports_hour_usage.map(hour => ({ date: one.date_time, ...hour })))
  return all.sort((a, b) => b.max_usage - a.max_usage)[0]
}

function answer(usage) {
  const recorded = sum(usage.recording_usage, one => one.recordings)
  const last = usage.recording_usage.at(-1)
  const most = busiest(usage.crc_ports_usage)
  const ports = most?.max_usage ? `Room connectors were busiest on ${plainDay(most.date)} at ${most.hour}:00 UTC with ${count(most.max_usage, 'port')}.` : 'No room connector was used.'
  return [recorded ? h('a', { href: '#recordings' }, count(recorded, 'recording')) : 'Nothing was recorded', recorded ? `, ${bytes(sum(usage.recording_usage, one => one.total_size))} new` : '',
    last?.storage_used ? `; ${last.storage_used} of storage is used. ` : '. ', ports]
}

function figures(usage, storage) {
  const recordings = usage.recording_usage
  const plan = storage.cloud_recording_storage.at(-1)
  const most = busiest(usage.crc_ports_usage)
  return tiles([
    { label: 'Recordings', value: number(sum(recordings, one => one.recordings)), change: `${number(sum(recordings, one => one.files))} files`, line: recordings.map(one => one.recordings), href: '#recordings' },
    { label: 'Recorded', value: bytes(sum(recordings, one => one.total_size)), change: range().says, line: recordings.map(one => one.total_size), href: '?sort=size#recordings' },
    { label: 'Storage used', value: recordings.at(-1)?.storage_used || '–', change: plan?.plan_usage ? `of ${plan.plan_usage} in the plan, ${plan.free_usage} free of charge` : 'Nobody said what the plan holds', line: recordings.map(one => parseFloat(one.storage_used) || null), floating: true, href: '#days' },
    { label: 'Ports at once', value: number(most?.max_usage ?? 0), change: most?.max_usage ? `${plainDay(most.date)}, ${most.hour}:00 UTC` : 'none was used', line: usage.crc_ports_usage.map(portsOf), href: '#ports' },
  ])
}

const COLUMNS = [
  { key: 'topic', title: 'Topic', card: 'title', cell: row => row.topic || 'Untitled' },
  { key: 'start', title: 'Began', sort: 'start', desc: true, card: 'line', cell: row => dayTime(row.start_time) },
  { key: 'length', title: 'Length', number: true, cell: row => length(row.seconds) },
  { key: 'size', title: 'Size', sort: 'size', number: true, card: 'state', cell: row => bytes(row.size_bytes) },
  { key: 'files', title: 'Files', number: true, cell: row => number(row.files) },
  { key: 'types', title: 'Kinds', cell: row => row.types.join(', ') },
  { key: 'host', title: 'Host', card: 'line', cell: row => row.host_name || '–' },
  { key: 'status', title: 'State', cell: row => row.status },
]

expectChart()
page(signal => {
  const dated = { from: range().from, to: range().to }
  const usage = get('/v2/metrics/crc', dated, signal)
  const storage = get('/v2/report/cloud_recording', dated, signal).catch(error => { if (error.status === 403) return { cloud_recording_storage: [] }; throw error })
  for (const one of [usage, storage]) one.catch(() => {})
  fill(slot('tools'), share())
  into('counts', async () => count(sum((await usage).recording_usage, one => one.recordings), 'recording'), signal)
  into('answer', async () => answer(await usage), signal)
  into('tiles', async () => figures(await usage, await storage), signal)
  into('days', async () => {
    const { recording_usage: days } = await usage
    if (!sum(days, one => one.recordings)) return empty('Nothing was recorded in this range.', 'Recordings come with Zoom’s recording webhooks.')
    const rows = days.map(one => ({ day: one.date_time, value: one.total_size, says: `${plainDay(one.date_time)}: ${count(one.recordings, 'recording')}, ${bytes(one.total_size)}`, href: day('#recordings', one.date_time) }))
    return chart('recorded_bytes', rows, { label: 'Bytes recorded each day' })
  }, signal)
  into('ports', async () => {
    const { crc_ports_usage: days } = await usage
    if (!days.some(portsOf)) return empty('No port was used.', 'Joins of H.323 and SIP devices use ports.')
    const rows = days.map(one => ({ day: one.date_time, value: portsOf(one), says: `${plainDay(one.date_time)}: at most ${count(portsOf(one), 'port')} at once`, href: `/meetings${query({ feature: 'room_systems', from: one.date_time, to: one.date_time })}` }))
    return chart('ports', rows, { label: 'Most ports at once, each day' })
  }, signal)
  into('table', async () => {
    const found = await get('/v1/recordings', { ...dated, q: asked('q'), host: asked('host'), sort: asked('sort', 'start'), order: asked('order'), ...pageParams(SIZE) }, signal)
    return table({ rows: found.recordings, columns: COLUMNS, label: 'Recordings', one: 'recording', total: found.total_records, next: found.next_page_token, size: SIZE, sort: 'start', order: 'desc', href: row => `/${row.kind === 'webinar' ? 'webinars' : 'meetings'}/${segment(row.uuid)}`, empty: empty('No recording in this range.', 'Take a longer one above.') })
  }, signal)
})
