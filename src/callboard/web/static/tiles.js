// Figures, each a door to the rows it was made from.
import { h } from './dom.js'
import { spark } from './spark.js'

/** One tile: `{label, value, unit, change, worse, href, line, title}`. `worse` marks a change that someone should act on. */
export function tile({ label, value, unit = '', change = '', worse = false, href = '', line = [], floating = false, title = '' }) {
  const inner = [
    h('span', { class: 'label' }, label),
    h('span', { class: 'value' }, value, unit ? [' ', h('small', {}, unit)] : null),
    h('span', { class: worse ? 'change worse' : 'change' }, change),
    spark(line, floating),
  ]
  return h('li', { class: 'tile' }, href ? h('a', { href, title: title || null }, inner) : h('div', { title: title || null }, inner))
}

/** Tiles for a list of `tile` arguments. */
export const tiles = list => list.filter(Boolean).map(tile)
