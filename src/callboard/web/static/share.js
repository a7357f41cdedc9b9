// A link that shows a colleague the same: relative ranges are written out as days.
import { withChanges } from './address.js'
import { h, say } from './dom.js'
import { range } from './range.js'

/** A button that copies the address of this view. */
export function share() {
  const button = h('button', { type: 'button', onclick: async () => {
    const { from, to } = range()
    const ranged = document.getElementById('range') ? withChanges({ from, to, range: '' }) : location.pathname + location.search
    const link = new URL(ranged, location.href).href
    try {
      await navigator.clipboard.writeText(link)
      button.textContent = 'Link copied'
    } catch {
      history.replaceState(history.state, '', link)
      button.textContent = 'Link is in the address bar'
    }
    say(button.textContent)
    setTimeout(() => { button.textContent = 'Copy link' }, 2500)
  } }, 'Copy link')
  return button
}
