// Partly there: a range that begins before what is kept, or before the first fact, says so.
import { get } from './api.js'
import { listen } from './address.js'
import { fill, slot } from './dom.js'
import { count, plainDay } from './format.js'
import { range } from './range.js'

const WORDS = { meetings: 'meetings and webinars', qos: 'quality minutes', rooms: 'issues and bookings of rooms', chat: 'chat messages', events: 'raw events' }
const DAY = 86400000

/** What there is to say of a family for a range that begins on `from`; nothing where all of it is there. */
function missing({ days, oldest }, from) {
  if (days !== null && Date.parse(from) < Date.now() - (days + 1) * DAY) return `are kept for ${count(days, 'day')}`
  return oldest && from < oldest.slice(0, 10) ? `are known from ${plainDay(oldest)} on` : ''
}

function sentence(kept, from) {
  const said = new Map()
  for (const family of kept) {
    const what = missing(family, from)
    if (what) said.set(what, [WORDS[family.family], ...(said.get(what) ?? [])])
  }
  const parts = [...said].map(([what, families]) => `${families.join(', ')} ${what}`)
  const text = parts.join(', ')
  return text && `${text[0].toUpperCase()}${text.slice(1)}; this range begins earlier.`
}

/** Say it on this page, of the `families` that it is made of, whenever the range changes. */
export async function startKept(families) {
  const { kept } = await get('/v1/freshness').catch(() => ({ kept: [] }))
  const show = () => {
    const text = sentence(kept.filter(one => families.includes(one.family)), range().from)
    fill(slot('kept'), text)
    slot('kept').hidden = !text
  }
  listen(show)
  show()
}
