// Numbers, units and times, in the reader's locale and zone. Unknown is a dash, never zero.
import { h } from './dom.js'

const locale = navigator.languages?.length ? [...navigator.languages] : undefined
export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
const kept = new Map()
function made(kind, options) {
  const key = kind.name + JSON.stringify(options)
  if (!kept.has(key)) kept.set(key, new kind(locale, options))
  return kept.get(key)
}
const NONE = '–'
const THIN = '\u00a0'
const known = value => value !== null && value !== undefined && value !== '' && !Number.isNaN(value)

/** 1,482 or 4.7 */
export const number = (value, digits = 0) =>
  known(value) ? made(Intl.NumberFormat, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value) : NONE
/** A number with its unit: 42 ms */
export const unit = (value, name, digits = 0) => (known(value) ? `${number(value, digits)}${THIN}${name}` : NONE)
/** A share from 0 to 1 as 96.2 % */
export const percent = (share, digits = 1) => (known(share) ? unit(share * 100, '%', digits) : NONE)
/** Points between two shares: -1.1 */
export const points = difference =>
  made(Intl.NumberFormat, { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: 'exceptZero' }).format(difference * 100)
/** A change from one amount to another: +4 %; empty where there was too little to compare with. */
export const change = (now, before) =>
  known(now) && before && now / before < 10 ? `${made(Intl.NumberFormat, { maximumFractionDigits: 0, signDisplay: 'exceptZero' }).format((now / before - 1) * 100)}${THIN}%` : ''
/** Seconds as 42 min, or 1 h 08 min */
export function length(seconds) {
  if (!known(seconds)) return NONE
  if (seconds < 60) return unit(Math.round(seconds), 's')
  const minutes = Math.round(seconds / 60)
  return minutes < 60 ? unit(minutes, 'min') : `${Math.floor(minutes / 60)}${THIN}h ${String(minutes % 60).padStart(2, '0')}${THIN}min`
}
/** Bytes as 4.2 GB */
export function bytes(value) {
  if (!known(value)) return NONE
  const step = Math.min(4, Math.floor(Math.log10(Math.max(1, value)) / 3))
  return unit(value / 1000 ** step, ['B', 'kB', 'MB', 'GB', 'TB'][step], step && value / 1000 ** step < 10 ? 1 : 0)
}
/** `1 person`, `3 people` */
export const count = (value, one, many = `${one}s`) => `${number(value)}${THIN}${value === 1 ? one : many}`

const HOUR = new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions().hour12 ? 'numeric' : '2-digit'
const at = instant => (instant instanceof Date ? instant : new Date(instant))
/** 14:05 */
export const clock = instant => made(Intl.DateTimeFormat, { hour: HOUR, minute: '2-digit', timeZone: zone }).format(at(instant))
/** 14, or 2 PM */
export const hour = instant => made(Intl.DateTimeFormat, { hour: 'numeric', timeZone: zone }).format(at(instant))
/** Tue, 12 Nov 2026 */
export const day = instant =>
  made(Intl.DateTimeFormat, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone: zone }).format(at(instant))
/** Tue, 12 Nov; of a day `yyyy-mm-dd`, which has no zone */
export const plainDay = text =>
  made(Intl.DateTimeFormat, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(`${text.slice(0, 10)}T00:00:00Z`))
export const weekday = instant => made(Intl.DateTimeFormat, { weekday: 'long', timeZone: zone }).format(at(instant))
const utc = instant => `${at(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`

const element = (instant, text) => (instant ? h('time', { datetime: at(instant).toISOString(), title: utc(instant) }, text) : NONE)
/** A clock time whose UTC form shows on hover. */
export const clockTime = instant => element(instant, instant && clock(instant))
/** Day and time; UTC on hover. */
export const dayTime = instant =>
  element(instant, instant && made(Intl.DateTimeFormat, {
    weekday: 'short', day: 'numeric', month: 'short', hour: HOUR, minute: '2-digit', timeZone: zone,
    ...(at(instant).getFullYear() === new Date().getFullYear() ? {} : { year: 'numeric' }),
  }).format(at(instant)))
/** `3 min ago`, only under an hour; else day and time. */
export function ago(instant, now = Date.now()) {
  const minutes = Math.floor((now - at(instant)) / 60000)
  return minutes >= 0 && minutes < 60 ? element(instant, minutes ? `${minutes}${THIN}min ago` : 'just now') : dayTime(instant)
}

export const QUALITY = { good: 'Good', fair: 'Fair', poor: 'Poor', bad: 'Bad', '': 'Not judged' }
export const BANDS = ['', 'good', 'fair', 'poor', 'bad']
/** Quality as a word with its mark. */
export const quality = (band, text) => h('span', { class: 'quality', 'data-quality': band || 'none' }, text ?? QUALITY[band ?? ''] ?? band)
const NETWORKS = { Wifi: 'Wi-Fi', WiFi: 'Wi-Fi' }
/** A network as people write it. */
export const network = name => NETWORKS[name] ?? name
export const WEEKDAYS = Array.from({ length: 7 }, (_, n) =>
  made(Intl.DateTimeFormat, { weekday: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, 1 + n))))
