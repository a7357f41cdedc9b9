// The address is the state: what a page shows follows from its query, so Back works and a link shows the same.

const listeners = new Set()
const tell = () => listeners.forEach(listener => listener())
addEventListener('popstate', tell)

const read = () => new URLSearchParams(location.search)

/** One value of the query. */
export const asked = (name, otherwise = '') => read().get(name) ?? otherwise
/** Several values of the query, written with commas. */
export const askedList = name => asked(name).split(',').filter(Boolean)
/** All of the query but some names. */
export const others = (...but) => Object.fromEntries([...read()].filter(([name]) => !but.includes(name)))

function changed(changes) {
  const query = read()
  for (const [name, value] of Object.entries(changes)) {
    const text = Array.isArray(value) ? value.join(',') : String(value ?? '')
    if (text) query.set(name, text)
    else query.delete(name)
  }
  const text = query.toString().replaceAll('%2C', ',')
  return location.pathname + (text ? `?${text}` : '')
}

/** The address with some of it changed: for links. */
export const withChanges = changes => changed(changes)
/** Change the query; empty values go. `state` stays with this entry of the history. */
export function change(changes, { replace = false, state = null } = {}) {
  history[replace ? 'replaceState' : 'pushState'](state, '', changed(changes))
  tell()
}
/** The same address once more: what it is about may have changed. */
export const again = tell
/** Call when the address changed. */
export const listen = listener => listeners.add(listener)
/** The id at the end of the path. */
export const idOfPath = () => decodeURIComponent(location.pathname.split('/').slice(2).join('/'))
