// The public API, and nothing else. An error says what failed and which request it was.

export class ApiError extends Error {
  constructor(status, message, request, path) {
    super(message)
    Object.assign(this, { status, request, path })
  }
}

/** A query string of what is set: lists with commas, nothing for empty values. */
export function query(params = {}) {
  const asked = Object.entries(params).filter(([, value]) => value !== undefined && value !== null && value !== '' && value !== false)
  const text = new URLSearchParams(asked.map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value])).toString()
  return text ? `?${text}` : ''
}

/** An id as one segment of a path. */
export const segment = id => encodeURIComponent(id)

/** The JSON of a request that changes something; it carries the page's token. Throws `ApiError`. */
export async function send(method, path, body) {
  const headers = { accept: 'application/json', 'content-type': 'application/json', 'x-csrf-token': document.body.dataset.csrf ?? '' }
  const answer = await fetch(path, { method, headers, body: JSON.stringify(body ?? {}), credentials: 'same-origin' })
    .catch(() => { throw new ApiError(0, 'The server does not answer.', '', path) })
  const said = await answer.json().catch(() => ({}))
  if (!answer.ok) throw new ApiError(answer.status, said.message ?? answer.statusText, answer.headers.get('x-zm-trackingid') ?? '', path)
  return said
}

/** The JSON of a GET. Throws `ApiError`; whoever is not signed in is sent to sign in. */
export async function get(path, params, signal) {
  const url = path + query(params)
  let answer
  try {
    answer = await fetch(url, { signal, headers: { accept: 'application/json' }, credentials: 'same-origin' })
  } catch (error) {
    if (error.name === 'AbortError') throw error
    throw new ApiError(0, 'The server does not answer.', '', path)
  }
  const request = answer.headers.get('x-zm-trackingid') ?? ''
  if (answer.status === 401) {
    location.assign(`/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`)
    return new Promise(() => {})
  }
  const body = await answer.json().catch(() => ({}))
  if (!answer.ok) throw new ApiError(answer.status, body.message ?? answer.statusText, request, path)
  return body
}
