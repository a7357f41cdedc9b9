// What the pages about rooms share: rooms with all that is known of them, and their words.
import { get } from './api.js'
import { range } from './range.js'
import { zone } from './format.js'

const MOST = 300

/** Every page of a list, put together. */
export async function all(path, params, name, signal) {
  const found = await get(path, { ...params, page_size: MOST }, signal)
  let next = found.next_page_token
  while (next) {
    const more = await get(path, { ...params, page_size: MOST, next_page_token: next }, signal)
    found[name].push(...more[name])
    next = more.next_page_token
  }
  return found
}

const dated = () => ({ from: range().from, to: range().to })
export const states = (signal, more = {}) => all('/v2/metrics/zoomrooms', { ...dated(), ...more }, 'zoom_rooms', signal)
export const usage = (signal, more = {}) => all('/v1/rooms/utilisation', { ...dated(), timezone: zone, ...more }, 'rooms', signal)
export const healths = (signal, more = {}) => all('/v1/rooms/health', { ...dated(), ...more }, 'rooms', signal)
export const bookings = (signal, more = {}) => all('/v1/rooms/bookings', { ...dated(), timezone: zone, ...more }, 'rooms', signal)

export const HEALTH = { healthy: ['good', 'Healthy'], warning: ['poor', 'Warning'], critical: ['bad', 'Critical'] }
export const STATUS = { Available: 'Free', InMeeting: 'In a meeting', Offline: 'Offline', UnderConstruction: 'Not in use' }
/** The site of a room: the first part of where it is. */
export const siteOf = room => room.location.split(',')[0].trim() || 'Without a place'
