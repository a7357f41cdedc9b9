// What every page has: search, range, account, keys.
import { startKept } from './kept.js'
import { startRange, startVersus } from './range.js'
import { startSearch } from './search.js'

const menus = [...document.querySelectorAll('details.menu')]

document.addEventListener('click', event => {
  for (const menu of document.querySelectorAll('details.menu[open]')) if (!menu.contains(event.target)) menu.open = false
})
document.addEventListener('keydown', event => {
  if (event.key === 'Escape') {
    for (const menu of document.querySelectorAll('details.menu[open]')) {
      menu.open = false
      menu.querySelector('summary').focus()
    }
  }
  const typing = event.target.closest?.('input, textarea, select, [contenteditable]')
  if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault()
    document.getElementById('search')?.focus()
  }
})
for (const menu of menus) {
  menu.addEventListener('toggle', () => { if (menu.open) for (const other of menus) if (other !== menu) other.open = false })
}

const range = document.getElementById('range')
if (range) startRange(range)
const versus = document.getElementById('versus')
if (versus) startVersus(versus)
const { kept } = document.body.dataset
if (kept && document.querySelector('[data-slot=kept]')) startKept(kept.split(' '))
const search = document.querySelector('form.search')
if (search) startSearch(search)

for (const choice of document.querySelectorAll('input[name="theme"]')) {
  choice.addEventListener('change', () => {
    const secure = location.protocol === 'https:' ? '; secure' : ''
    document.cookie = `theme=${choice.value}; path=/; samesite=lax; max-age=${choice.value ? 31536000 : 0}${secure}`
    if (choice.value) document.documentElement.dataset.theme = choice.value
    else delete document.documentElement.dataset.theme
    dispatchEvent(new Event('theme'))
  })
}
