// A number in a table with a bar beside it, so that the eye finds the greatest.
import { h } from './dom.js'

/** A bar of `part` (0 to 1) with its text. */
export const bar = (part, text, kind = '') =>
  h('span', { class: 'barred' }, h('span', { class: 'bar', 'aria-hidden': 'true' }, h('i', { class: kind || null, style: { width: `${Math.max(0, Math.min(1, part)) * 100}%` } })), h('span', {}, text))

/** The band of a share of bad minutes, as the API has it for calls. */
export const bandOf = share => (share === null || share === undefined ? '' : share < 0.01 ? 'good' : share < 0.05 ? 'fair' : share < 0.25 ? 'poor' : 'bad')

/** A number whose unit stands in the head of a table, and beside it where there is no head: on a phone. */
export const headed = (text, unit) => h('span', {}, text, h('span', { class: 'card-unit' }, `\u00a0${unit}`))
