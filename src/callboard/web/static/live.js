// What changes, as the server tells it. When the stream breaks the browser opens it again; a tab that is not seen waits.

/**
 * Call `changed(event)` when facts changed, at most once in `pause` ms; `state(true|false)` tells whether the stream is open.
 * Returns a function that stops it.
 */
export function hearChanges(changed, pause = 2000, state = () => {}) {
  let source, timer, again, last = 0, missed = false, stopped = false
  const fire = event => { last = Date.now(); timer = null; changed(event) }
  const soon = event => {
    if (document.hidden) { missed = true; return }
    if (!timer) timer = setTimeout(() => fire(event), Math.max(0, last + pause - Date.now()))
  }
  const start = () => {
    if (stopped) return
    source = new EventSource('/v1/live')
    source.addEventListener('open', () => state(true))
    source.addEventListener('change', message => soon(JSON.parse(message.data)))
    source.addEventListener('bye', () => location.reload())
    source.addEventListener('error', () => {
      state(false)
      if (source.readyState === EventSource.CLOSED) again = setTimeout(start, 15000)
    })
  }
  const seen = () => { if (!document.hidden && missed) { missed = false; soon({}) } }
  document.addEventListener('visibilitychange', seen)
  addEventListener('pagehide', () => source?.close())
  start()
  return () => {
    stopped = true
    document.removeEventListener('visibilitychange', seen)
    clearTimeout(timer)
    clearTimeout(again)
    source?.close()
  }
}
