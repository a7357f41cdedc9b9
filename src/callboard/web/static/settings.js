// Who may look and ask, what roles there are, how long facts are kept, and what is set.
import { get, send } from './api.js'
import { again } from './address.js'
import { between, fill, h, say, slot } from './dom.js'
import { count, day, number } from './format.js'
import { empty, into, page } from './page.js'
import { table } from './table.js'

const ROLES = { admin: 'Admin', viewer: 'Viewer', 'room-admin': 'Room admin' }
const yes = value => (value ? 'Yes' : 'No')
const listed = texts => (texts.length ? texts.join(', ') : '–')
const covers = one => (one.role === 'admin' ? 'All' : one.role === 'room-admin' ? 'zoomrooms' : listed(one.families))

// Dialogs

/** A dialog with a form. `save` gets what was filled in; what it returns takes the form's place, else the dialog closes. */
function ask(title, fields, button, save, other = null) {
  const wrong = h('p', { class: 'state wrong', role: 'alert', hidden: true })
  const close = () => dialog.close()
  const form = h('form', { method: 'dialog', onsubmit: async event => {
    event.preventDefault()
    const submit = form.querySelector('.first')
    submit.disabled = true
    try {
      const more = await save(new FormData(form))
      again()
      if (more) fill(dialog, h('h2', {}, title), more, h('div', { class: 'buttons' }, h('button', { type: 'button', class: 'first', onclick: close }, 'Done')))
      else close()
    } catch (error) {
      wrong.textContent = error.message
      wrong.hidden = false
      submit.disabled = false
    }
  } }, fields, wrong, h('div', { class: 'buttons' }, other, h('button', { type: 'button', onclick: close }, 'Cancel'), h('button', { class: 'first' }, button)))
  const dialog = h('dialog', { class: 'dialog', 'aria-label': title, onclose: () => dialog.remove() }, h('h2', {}, title), form)
  document.body.append(dialog)
  dialog.showModal()
}

const text = (name, title, value = '', more = {}) => h('label', {}, title, h('input', { name, value, ...more }))
const check = (name, title, on) => h('label', { class: 'check' }, h('input', { type: 'checkbox', name, checked: on }), title)

/** What a role reads: the families are for viewers only. */
function rights(families, one = {}) {
  const role = one.role ?? 'viewer'
  const chosen = new Set(one.families?.length ? one.families : families.map(family => family.name))
  const some = h('fieldset', { hidden: role !== 'viewer' }, h('legend', {}, 'Reads'), families.map(family =>
    h('label', { class: 'check', title: family.sentence }, h('input', { type: 'checkbox', name: 'families', value: family.name, checked: chosen.has(family.name) }), family.name)))
  return [
    h('label', {}, 'Role', h('select', { name: 'role', onchange: event => { some.hidden = event.target.value !== 'viewer' } },
      Object.entries(ROLES).map(([value, title]) => h('option', { value, selected: value === role }, title)))),
    some,
    text('groups', 'Only meetings of hosts in these groups (ids, with commas)', (one.groups ?? []).join(', ')),
    check('personal', 'Sees names, mail addresses and the like', !one.hide_personal),
  ]
}

const told = data => ({
  name: data.get('name'),
  role: data.get('role'),
  families: data.get('role') === 'viewer' ? data.getAll('families') : [],
  groups: data.get('groups').split(/[\s,]+/).filter(Boolean),
  hide_personal: !data.has('personal'),
})

/** A secret that is shown this once, to copy. */
function once(label, value) {
  const box = h('input', { value, readonly: true, 'aria-label': label, onfocus: event => event.target.select() })
  const copy = async () => {
    await navigator.clipboard?.writeText(value).catch(() => {})
    box.select()
    say('Copied')
  }
  return [h('p', { class: 'quiet' }, label), h('div', { class: 'once' }, box, h('button', { type: 'button', onclick: copy }, 'Copy'))]
}

const letIn = families => ask('Let someone in', [text('mail', 'Mail address', '', { type: 'email', required: true, maxlength: 254 }), text('name', 'Name', '', { maxlength: 200 }), rights(families)], 'Make a link', async data => {
  const made = await send('POST', '/v1/users', { ...told(data), mail: data.get('mail') })
  return once(`Send this link to ${made.name}: it signs them in once, within a week, to set a password.`, made.link)
})

function change(user, families) {
  const mine = user.user_id === document.body.dataset.me
  const about = `/v1/users/${user.user_id}`
  const toggle = mine ? null : h('button', { type: 'button', onclick: async event => {
    await send('PATCH', about, { disabled: !user.disabled_at })
    event.target.closest('dialog').close()
    again()
  } }, user.disabled_at ? 'Let in again' : 'Disable')
  ask(user.name, [text('name', 'Name', user.name, { required: true, maxlength: 200 }), mine ? h('p', { class: 'quiet' }, 'This is you: your role is for another admin to change.') : rights(families, user)], 'Save', async data => {
    await send('PATCH', about, mine ? { name: data.get('name') } : told(data))
  }, toggle)
}

const newLink = user => ask(`A new link for ${user.name}`, [h('p', {}, 'It signs them in once, within a week, and lets them set a new password. An older link stops working.')], 'Make a link', async () =>
  once('Send them this link.', (await send('POST', `/v1/users/${user.user_id}/link`)).link))

const newClient = families => ask('A program that may ask', [text('name', 'What it is for', '', { required: true, maxlength: 200 }), rights(families), text('scopes', 'Scopes (with spaces)', 'dashboard:read', { required: true })], 'Make it', async data => {
  const made = await send('POST', '/v1/clients', { ...told(data), scopes: data.get('scopes').split(/[\s,]+/).filter(Boolean) })
  return [once('Client id', made.client_id), once('Client secret, shown this once', made.client_secret)]
})

const revoke = client => ask(`Revoke ${client.name}`, [h('p', {}, 'Its tokens stop working within a second. This can’t be undone.')], 'Revoke', async () => {
  await send('DELETE', `/v1/clients/${client.client_id}`)
})

// Tables

const button = (title, about, act) => h('button', { type: 'button', class: 'plain', 'aria-label': `${title} ${about}`, onclick: act }, title)
const state = (ended, word) => (ended ? h('span', { class: 'over' }, `${word} ${day(ended)}`) : 'Yes')

const people = (users, families) => table({ rows: users, label: 'People who may sign in', one: 'person', many: 'people', sticky: false, columns: [
  { key: 'name', title: 'Name', card: 'title', cell: user => user.name },
  { key: 'mail', title: 'Mail', card: 'line', cell: user => user.mail || '–' },
  { key: 'role', title: 'Role', card: 'line', cell: user => ROLES[user.role] },
  { key: 'reads', title: 'Reads', wrap: true, cell: covers },
  { key: 'groups', title: 'Groups', cell: user => listed(user.groups) },
  { key: 'personal', title: 'Sees names', cell: user => yes(!user.hide_personal) },
  { key: 'by', title: 'Signs in by', cell: user => listed([user.has_password ? 'password' : '', user.by_oidc ? 'organisation' : ''].filter(Boolean)) },
  { key: 'in', title: 'May sign in', card: 'state', cell: user => state(user.disabled_at, 'Disabled') },
  { key: 'act', title: 'Actions', card: 'line', cell: user => [button('Change', user.name, () => change(user, families)), button('Link', user.name, () => newLink(user))] },
], empty: empty('Nobody may sign in yet.', 'Let someone in to make them a link.') })

const clients = rows => table({ rows, label: 'Programs that may ask', one: 'client', sticky: false, columns: [
  { key: 'name', title: 'Name', card: 'title', cell: client => client.name },
  { key: 'id', title: 'Client id', card: 'line', cell: client => h('code', {}, client.client_id) },
  { key: 'role', title: 'Role', card: 'line', cell: client => ROLES[client.role] },
  { key: 'scopes', title: 'Scopes', wrap: true, cell: client => listed(client.scopes) },
  { key: 'personal', title: 'Sees names', cell: client => yes(!client.hide_personal) },
  { key: 'made', title: 'Made', cell: client => day(client.created_at) },
  { key: 'valid', title: 'Valid', card: 'state', cell: client => state(client.revoked_at, 'Revoked') },
  { key: 'act', title: 'Actions', card: 'line', cell: client => (client.revoked_at ? '' : button('Revoke', client.name, () => revoke(client))) },
], empty: empty('No program may ask yet.', 'Make a client, and give its id and secret to the program.') })

const roles = found => table({ rows: found.roles, label: 'Roles', one: 'role', sticky: false, columns: [
  { key: 'name', title: 'Role', card: 'title', cell: role => ROLES[role.name] },
  { key: 'sentence', title: 'May', card: 'line', wrap: true, cell: role => role.sentence },
  { key: 'families', title: 'Reads', wrap: true, cell: role => (role.families ? (role.families.length === found.families.length ? 'All' : listed(role.families)) : 'What is assigned') },
] })

const shown = setting => (setting.secret ? (setting.is_set ? 'Set, and hidden' : 'Not set') : String(setting.value ?? '') || '–')
const kept = row => (row.days === null ? 'For ever' : `${number(row.days)} days`)

const retention = rows => table({ rows, label: 'How long facts are kept', one: 'kind of facts', many: 'kinds of facts', sticky: false, columns: [
  { key: 'facts', title: 'Facts', card: 'title', cell: row => row.facts },
  { key: 'days', title: 'Kept', card: 'state', cell: kept },
  { key: 'sentence', title: 'What', card: 'line', wrap: true, cell: row => row.sentence },
  { key: 'variable', title: 'Set by', card: 'line', cell: row => h('code', {}, row.variable) },
] })

const all = rows => table({ rows, label: 'All settings', one: 'setting', sticky: false, columns: [
  { key: 'variable', title: 'Variable', card: 'title', cell: row => h('code', {}, row.variable) },
  { key: 'value', title: 'Value', card: 'state', wrap: true, cell: row => (row.is_set ? h('strong', {}, shown(row)) : shown(row)) },
  { key: 'default', title: 'Default', cell: row => (row.secret ? '–' : String(row.default ?? '') || '–') },
  { key: 'sentence', title: 'What for', card: 'line', wrap: true, cell: row => row.sentence },
] })

page(signal => {
  const asked = { me: get('/v1/me', {}, signal), settings: get('/v1/settings', {}, signal), roles: get('/v1/roles', {}, signal), users: get('/v1/users', {}, signal), clients: get('/v1/clients', {}, signal) }
  for (const one of Object.values(asked)) one.catch(() => {})
  into('answer', async () => {
    const [{ users }, made, { retention: rows, version }] = await Promise.all([asked.users, asked.clients, asked.settings])
    const inside = users.filter(user => !user.disabled_at).length
    const programs = made.clients.filter(client => !client.revoked_at).length
    const days = rows.filter(row => ['meetings', 'qos'].includes(row.facts)).map(row => `${row.facts === 'qos' ? 'quality' : row.facts} ${kept(row).toLowerCase()}`)
    return [h('a', { href: '#people' }, count(inside, 'person', 'people')), ' may sign in and ', h('a', { href: '#clients' }, count(programs, 'program')), ' may ask. Kept: ', h('a', { href: '#retention' }, between(days)), `. Callboard ${version}.`]
  }, signal)
  into('people', async () => {
    const [{ users }, { families }, me] = await Promise.all([asked.users, asked.roles, asked.me])
    document.body.dataset.me = me.id
    fill(slot('people-tools'), h('button', { type: 'button', class: 'first', onclick: () => letIn(families) }, 'Let someone in'))
    return people(users, families)
  }, signal)
  into('clients', async () => {
    const [{ clients: rows }, { families }] = await Promise.all([asked.clients, asked.roles])
    fill(slot('clients-tools'), h('button', { type: 'button', onclick: () => newClient(families) }, 'Make a client'))
    return clients(rows)
  }, signal)
  into('roles', async () => roles(await asked.roles), signal)
  into('retention', async () => [retention((await asked.settings).retention), h('p', { class: 'note' }, 'Settings are variables of the server’s environment: change them where it is started, and start it again.')], signal)
  into('set', async () => all((await asked.settings).settings), signal)
})
